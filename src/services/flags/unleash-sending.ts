import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError, hasCode, messageOf } from '../../base/errors.ts';
import type { HttpChange, Prepared } from '../change.ts';
import type { FlagPreparations } from './flags.ts';
import { type UnleashApi, UnleashRefusal } from './unleash-api.ts';
import {
  bulkOffChange,
  cohortChanges,
  removalChanges,
  toggleChange,
  type UnleashPlace,
} from './unleash-changes.ts';

/** A bulk call that hangs must leave time for the single ones: this is a rollback's first act. */
const bulkTimeoutMs = 2_500;

/** A strategy that somebody else removed first is gone all the same. */
async function sendOne(api: UnleashApi, change: HttpChange, signal: AbortSignal): Promise<void> {
  try {
    await api.send(change, signal);
  } catch (error) {
    const gone = error instanceof UnleashRefusal && error.status === 404;
    if (!gone || change.method !== 'DELETE') throw error;
  }
}

/** Flags to be switched off in one environment. */
interface Switching {
  readonly flags: readonly string[];
  readonly environment: EnvironmentName;
}

/**
 * The bulk call refuses all flags when one of them does not exist, so after any failure each is tried
 * alone: whatever can be switched off is.
 */
async function sendOff(
  api: UnleashApi,
  place: UnleashPlace,
  bulk: HttpChange,
  off: Switching,
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.send(bulk, signal, bulkTimeoutMs);
  } catch (error) {
    signal.throwIfAborted();
    if (hasCode(error, 'LEASE_LOST')) throw error;
    await offOneByOne(api, place, off, signal);
  }
}

async function offOneByOne(
  api: UnleashApi,
  place: UnleashPlace,
  { flags, environment }: Switching,
  signal: AbortSignal,
): Promise<void> {
  const results = await Promise.allSettled(
    flags.map((flag) => api.send(toggleChange(place, flag, environment, 'off'), signal)),
  );
  signal.throwIfAborted();
  const failed = flags.flatMap((flag, i) => {
    const result = results[i];
    return result?.status === 'rejected' ? [{ flag, error: result.reason as unknown }] : [];
  });
  const [first] = failed;
  if (first === undefined) return;
  const names = failed.map(({ flag }) => flag).join(', ');
  const cause = first.error;
  throw new AuroraError(
    cause instanceof AuroraError ? cause.code : 'SERVICE_UNREACHABLE',
    `not switched off in ${environment}: ${names}; ${messageOf(cause)}`,
    {
      where: api.url,
      ...(cause instanceof AuroraError ? { remedy: cause.remedy } : {}),
      cause,
    },
  );
}

/** Changes of Unleash's flags with the way to send them. */
export function unleashPreparations(api: UnleashApi, place: UnleashPlace): FlagPreparations {
  const each = (changes: readonly HttpChange[]): readonly Prepared[] =>
    changes.map((change) => ({
      changes: [change],
      send: (signal) => sendOne(api, change, signal),
    }));
  return {
    enable: ({ name, environment, enabled }) =>
      enabled ? [] : each([toggleChange(place, name, environment, 'on')]),
    disable: (flags, environment) => {
      if (flags.length === 0) return [];
      const bulk = bulkOffChange(place, flags, environment);
      const off = { flags, environment };
      return [{ changes: [bulk], send: (signal) => sendOff(api, place, bulk, off, signal) }];
    },
    setCohort: (state, cohort) => each(cohortChanges(place, state, cohort)),
    removeCohort: (state, cohort) => each(removalChanges(place, state, cohort)),
  };
}
