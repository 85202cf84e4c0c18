import type { CohortShare } from './flags.ts';

/** What Unleash is told of a strategy; writing it replaces all of what it had. A type: it is JSON. */
export type StrategyBody = ReturnType<typeof strategyBody>;

/** The strategy of a cohort, as the decisions have it: sticky by session, one variant, the build. */
export function strategyBody(flag: string, cohort: CohortShare, sortOrder: number) {
  return {
    name: 'flexibleRollout',
    title: `aurora: ${cohort.name}`,
    sortOrder,
    disabled: false,
    constraints: [],
    segments: [],
    parameters: { rollout: String(cohort.percent), stickiness: 'sessionId', groupId: flag },
    variants: [
      {
        name: cohort.name,
        weight: 1000,
        weightType: 'variable',
        stickiness: 'sessionId',
        payload: { type: 'string', value: cohort.build },
      },
    ],
  };
}
