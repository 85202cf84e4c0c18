import type { JsonObject } from '../../../src/base/json.ts';
import { canary } from '../../../src/checks/canary/kinds.ts';
import type { CheckResult } from '../../../src/checks/check.ts';
import type { CheckContext, JournaledLook } from '../../../src/checks/kind.ts';
import type { FlagState } from '../../../src/services/flags/flags.ts';
import type { CohortCounters } from '../../../src/services/metrics/metrics.ts';
import { cohort, reading } from '../../judge/counts.ts';
import {
  candidate,
  contextWith,
  driverWith,
  readySlot,
  someServices,
  stable,
} from '../support/context.ts';
import { metricsFrom, TurnedClock, unreachable } from '../support/watching.ts';

/** Step 7 as the plan has it. */
export const params = canary.params.parse({
  environment: 'production',
  for: '30 min',
  every: '60 s',
  extend: '15 min',
});

export const began = 1_760_000_000_000;

/** What a release at 5 % knows. */
export const facts: CheckContext['facts'] = {
  candidate,
  stable,
  slots: { production: 'green' },
  deployedAt: began - 5_000,
  percent: 5,
  stage: 5,
  sharedAt: began - 5_000,
};

/** The canary flag with this share of the candidate. */
export function flagAt(percent: number, change: Partial<FlagState> = {}): FlagState {
  const strategy = { id: '1', kind: 'flexibleRollout', sortOrder: 1 };
  return {
    name: 'AURORA_WIDGET_ENABLED',
    environment: 'production',
    enabled: true,
    strategies: [
      { ...strategy, cohort: 'candidate', percent, build: candidate },
      { ...strategy, cohort: 'stable', percent: 100, build: stable },
    ],
    ...change,
  };
}

interface Given {
  /** The candidate's counters at the look of that minute; it may throw. */
  readonly read?: (minute: number) => CohortCounters;
  readonly control?: (minute: number) => CohortCounters;
  /** The flag at the look of that minute; it may throw. */
  readonly flag?: (minute: number) => FlagState;
  readonly change?: Partial<CheckContext>;
  readonly before?: readonly JournaledLook[];
  readonly clock?: TurnedClock;
}

/** A watch in a company of its own, with everything that it told. */
export function watched(given: Given = {}) {
  const clock = given.clock ?? new TurnedClock(began);
  const told: { text: string; at: number; data: JsonObject | undefined }[] = [];
  const minute = () => Math.round((clock.now() - began) / 60_000);
  const { read = (at) => reading(cohort(at * 100)) } = given;
  const { control = (at) => reading(cohort(at * 1_900)), flag = () => flagAt(5) } = given;
  const metrics = metricsFrom((build) => (build === stable ? control : read)(minute()));
  const traffic = async () => ({
    counts: cohort(36_000),
    durationMs: 3_600_000,
    over: 'the last hour',
  });
  const services = someServices({
    metrics: async () => ({ ...metrics, traffic }),
    driver: async () => driverWith('production', [readySlot('production', 'http://127.0.0.1:9')]),
    flags: async () => {
      const refuse = async (): Promise<never> => {
        throw unreachable();
      };
      return {
        label: 'flags of a test',
        health: async () => ({ ok: true, detail: 'fine' }),
        seen: async () => flag(minute()),
        prepare: {
          enable: () => [],
          disable: () => [],
          setCohort: () => [],
          removeCohort: () => [],
        },
        ...{ read: refuse, enable: refuse, disable: refuse },
        ...{ setCohort: refuse, removeCohort: refuse },
      };
    },
  });
  const looks = (): readonly JournaledLook[] => [
    ...(given.before ?? []),
    ...told.flatMap(({ at, data }) =>
      data === undefined ? [] : [{ step: 7, at, interrupted: true, data }],
    ),
  ];
  const context = contextWith({
    ...{ clock, services, facts, looks },
    progress: (text, data) => told.push({ text, data, at: clock.now() }),
    ...given.change,
  });
  return { clock, told, context, looks, run: () => canary.run(params, context) };
}

/** The result with this id. */
export function resultOf(results: readonly CheckResult[], id: string): CheckResult {
  const found = results.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no result ${id}`);
  return found;
}
