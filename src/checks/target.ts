import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { shortDigest } from '../proof/digest.ts';
import type { CheckContext } from './kind.ts';

/** Where a check knocks: at the customers' door, or at the candidate's own. */
export const probeTarget = z.enum(['environment', 'candidate-slot']);
export type ProbeTarget = z.infer<typeof probeTarget>;

/** For people: `staging`, `the candidate slot of staging`. */
export function targetText(target: ProbeTarget, environment: EnvironmentName): string {
  return target === 'environment' ? environment : `the candidate slot of ${environment}`;
}

async function candidateAddress(
  environment: EnvironmentName,
  { facts, services, signal }: CheckContext,
): Promise<string> {
  const where = `candidate slot of ${environment}`;
  const remedy = 'Start the candidate in its slot first; `aurora status` shows the slots.';
  const name = facts.slots[environment];
  if (name === undefined) {
    throw new AuroraError('RELEASE_STATE', 'the candidate has no slot yet', { where, remedy });
  }
  const slots = await (await services.driver(environment)).slots(signal);
  const status = slots.find((slot) => slot.environment === environment && slot.slot === name);
  if (status === undefined || status.state !== 'ready' || status.url === null) {
    const found = `slot ${name} is ${status?.state ?? 'unknown'}`;
    throw new AuroraError('RELEASE_STATE', found, { where, remedy });
  }
  if (status.build !== facts.candidate) {
    const found = status.build === null ? 'no build' : shortDigest(status.build);
    const message = `slot ${name} holds ${found}, not ${shortDigest(facts.candidate)}`;
    throw new AuroraError('RELEASE_STATE', message, { where, remedy });
  }
  return status.url;
}

/**
 * The base address to ask, without a slash at its end. RELEASE_STATE when the candidate has no slot
 * that is ready with its own build; SERVICE_* when the driver cannot tell.
 */
export async function addressOf(
  target: ProbeTarget,
  environment: EnvironmentName,
  context: CheckContext,
): Promise<string> {
  const address =
    target === 'environment'
      ? context.environments[environment].origin
      : await candidateAddress(environment, context);
  return address.replace(/\/$/, '');
}
