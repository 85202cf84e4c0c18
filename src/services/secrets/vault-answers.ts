import { AuroraError } from '../../base/errors.ts';
import type { SecretReference } from './secrets.ts';
import type { VaultReply } from './vault-client.ts';

/** A property of something that may be no object at all. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** The first of Vault's error texts on one line; empty when there is none. */
function errorText(reply: VaultReply): string {
  const errors = field(reply.body, 'errors');
  const text = Array.isArray(errors) && typeof errors[0] === 'string' ? errors[0] : '';
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The error of an answer that is neither a secret nor the lack of one. */
export function refusal(reply: VaultReply, where: string): AuroraError {
  if (reply.status === 503 && errorText(reply).includes('sealed')) {
    return new AuroraError('SERVICE_REFUSED', 'Vault is sealed', { where, remedy: sealedRemedy });
  }
  const text = errorText(reply);
  const message = `Vault answered ${reply.status}${text === '' ? '' : `: ${text}`}`;
  if (reply.status >= 300 && reply.status < 400) {
    return new AuroraError('SERVICE_REFUSED', message, { where, remedy: standbyRemedy });
  }
  return new AuroraError('SERVICE_REFUSED', message, { where });
}

export const sealedRemedy =
  'Let its operators unseal it (`vault operator unseal`) and find out why it was sealed.';
export const standbyRemedy =
  'Point services.secrets.url at the active node, or at the address that always leads to it.';

/**
 * The value that an answer to a KV v2 read holds. Errors: SECRET_MISSING, SERVICE_REFUSED,
 * SERVICE_ANSWER_INVALID; they name path and field, never a value.
 */
export function secretValue(
  reply: VaultReply,
  reference: SecretReference,
  mount: string,
  where: string,
): string {
  if (reply.status === 404) throw missing(reply, reference, mount, where);
  if (reply.status === 403) {
    throw new AuroraError('SERVICE_REFUSED', `not allowed to read ${reference.path}`, {
      where,
      remedy: `Check that the token is valid, and give it a policy with read on "${mount}/data/${reference.path}".`,
    });
  }
  if (reply.status !== 200) throw refusal(reply, where);
  const fields = field(field(reply.body, 'data'), 'data');
  if (typeof fields !== 'object' || fields === null) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', 'the answer is no KV v2 secret', {
      where,
      remedy: `Check that the mount "${mount}" is a key-value engine of version 2.`,
    });
  }
  const value = Object.hasOwn(fields, reference.field) ? field(fields, reference.field) : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new AuroraError('SECRET_MISSING', fieldProblem(value, reference), { where });
}

function fieldProblem(value: unknown, { path, field: name }: SecretReference): string {
  if (value === undefined) return `the secret ${path} has no field "${name}"`;
  if (value === '') return `the field "${name}" of the secret ${path} is empty`;
  return `the field "${name}" of the secret ${path} is not text`;
}

function missing(
  reply: VaultReply,
  { path }: SecretReference,
  mount: string,
  where: string,
): AuroraError {
  if (errorText(reply).includes('no handler for route')) {
    return new AuroraError('SECRET_MISSING', `there is no mount "${mount}"`, {
      where,
      remedy: 'Correct services.secrets.mount, or enable a KV engine of version 2 there.',
    });
  }
  const metadata = field(field(reply.body, 'data'), 'metadata');
  if (metadata !== undefined) {
    const how = field(metadata, 'destroyed') === true ? 'destroyed' : 'deleted';
    return new AuroraError('SECRET_MISSING', `the secret ${path} was ${how}`, {
      where,
      remedy:
        how === 'deleted'
          ? `Take it back with \`vault kv undelete\`, or write it again.`
          : 'Write it again: what was destroyed cannot be taken back.',
    });
  }
  return new AuroraError('SECRET_MISSING', `there is no secret ${path}`, { where });
}
