import { z } from 'zod';
import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';
import { callPart } from './part-call.ts';

const target = z.object({ slot: z.string(), url: z.string() });
const trafficSchema = z.object({ stable: target.nullable(), candidate: target.nullable() });
const renewed = z.object({ url: z.string() });

/** Longer than a slot may take to get ready. */
const renewTimeoutMs = 20_000;

/**
 * Puts a new process of the same build in the place of the candidate's: the new one starts beside the old
 * one, customers are led to it, and the old one ends when it has answered what it had begun. No request
 * fails, and every counter begins at zero. RELEASE_STATE when no candidate takes traffic.
 */
export async function restartCandidate(
  layout: StackLayout,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<void> {
  const { edgeAdmin, host } = addressesOf(layout);
  const token = layout.secrets.driverToken;
  const edge = `${edgeAdmin[environment]}/traffic`;
  const traffic = trafficSchema.parse(await callPart({ url: edge, token }, signal));
  const { stable, candidate } = traffic;
  if (candidate === null) {
    throw new AuroraError('RELEASE_STATE', `no candidate takes traffic in ${environment}`, {
      where: edge,
      remedy: 'Release a build up to step 6 first: `aurora release <build> --until 6`.',
    });
  }
  const slot = `${host}/slots/${environment}/${candidate.slot}`;
  const successor = { url: `${slot}/successor`, token, timeoutMs: renewTimeoutMs };
  const { url } = renewed.parse(await callPart({ method: 'POST', ...successor }, signal));
  const body = { stable, candidate: { ...candidate, url } };
  await callPart({ method: 'PUT', url: edge, token, body }, signal);
  await callPart({ method: 'DELETE', url: `${slot}/predecessor`, token }, signal);
}
