import { readFile } from 'node:fs/promises';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import {
  parseSecretReference,
  type SecretReference,
  type SecretsService,
} from '../services/secrets/secrets.ts';

const referencePrefix = 'vault:';
const assignment = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The end of a quoted value; -1 when the quote is never closed. */
function closingQuote(text: string, quote: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** The value behind `=`, or the reason why it is none. A value may be a secret: never repeated. */
function parseValue(text: string): { readonly value: string } | { readonly reason: string } {
  const trimmed = text.trim();
  const quote = trimmed[0];
  if (quote !== '"' && quote !== "'") {
    return { value: cutComment(trimmed).trim() };
  }
  const end = closingQuote(trimmed, quote);
  if (end < 0) return { reason: `the ${quote} quote is not closed on this line` };
  const rest = trimmed.slice(end + 1).trim();
  if (rest !== '' && !rest.startsWith('#')) return { reason: 'text after the closing quote' };
  const inner = trimmed.slice(1, end);
  if (quote === "'") return { value: inner };
  return { value: inner.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) };
}

/** An unquoted value ends where a comment begins: a `#` at its start or after a blank. */
function cutComment(text: string): string {
  return text.startsWith('#') ? '' : text.replace(/[ \t]#.*$/, '');
}

/**
 * Parses the text of an env file: `KEY=value` with an optional `export `, single or double quotes,
 * comments and empty lines. Values stay as written; nothing is interpolated. Everything else, and a
 * name that comes twice, is ENV_FILE_INVALID with `file:line`.
 */
export function parseEnvFile(text: string, path: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const refuse = (line: number, reason: string) =>
    new AuroraError('ENV_FILE_INVALID', reason, { where: `${path}:${line}` });
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = assignment.exec(line);
    const name = match?.[1];
    if (name === undefined) throw refuse(index + 1, 'expected NAME=value');
    if (variables.has(name)) throw refuse(index + 1, `${name} is set twice`);
    const parsed = parseValue(match?.[2] ?? '');
    if ('reason' in parsed) throw refuse(index + 1, `${name}: ${parsed.reason}`);
    variables.set(name, parsed.value);
  }
  return variables;
}

/** Reads an env file. ENV_FILE_INVALID when it is missing, unreadable or malformed. */
export async function readEnvFile(path: string): Promise<ReadonlyMap<string, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const absent = hasErrno(cause, 'ENOENT');
    throw new AuroraError('ENV_FILE_INVALID', absent ? 'no such file' : messageOf(cause), {
      where: path,
      cause,
    });
  }
  return parseEnvFile(text, path);
}

/** The secret that a value refers to (`vault:path` or `vault:path#field`); null for any other value. */
export function vaultReference(value: string): SecretReference | null {
  const target = value.startsWith(referencePrefix) ? value.slice(referencePrefix.length) : '';
  return /^[^#\s]+(#[^#\s]+)?$/.test(target) ? parseSecretReference(target) : null;
}

/**
 * The variables with every `vault:` reference replaced by its Secret. Opens the secrets service only
 * when there is a reference. Errors are those of the service: SECRET_MISSING, SERVICE_*.
 */
export async function resolveEnv(
  variables: ReadonlyMap<string, string>,
  secrets: () => Promise<SecretsService>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string | Secret>>> {
  const entries = await Promise.all(
    [...variables].map(async ([name, value]): Promise<[string, string | Secret]> => {
      const reference = vaultReference(value);
      if (reference === null && value.startsWith(referencePrefix)) {
        throw new AuroraError(
          'ENV_FILE_INVALID',
          `${name}: expected vault:path or vault:path#field`,
        );
      }
      if (reference === null) return [name, value];
      return [name, await (await secrets()).read(reference, signal)];
    }),
  );
  return Object.fromEntries(entries);
}
