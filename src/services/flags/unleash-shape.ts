import { z } from 'zod';
import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import type { CohortName, FlagState, FlagStrategy } from './flags.ts';

const variant = z.object({
  name: z.string(),
  payload: z.object({ type: z.string(), value: z.string() }).optional(),
});

const strategy = z.object({
  id: z.string().optional(),
  name: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  variants: z.array(variant).default([]),
  sortOrder: z.number().nullish(),
  disabled: z.boolean().nullish(),
});

/** A flag in one environment, as both the administration and the client API give it. */
const feature = z.object({
  name: z.string(),
  enabled: z.boolean(),
  strategies: z.array(strategy),
});

type WireStrategy = z.infer<typeof strategy>;

/** Ours has exactly one variant and it is named after a cohort; everything else is foreign. */
function cohortOf(wire: WireStrategy): CohortName | null {
  const [only, ...more] = wire.variants;
  if (wire.name !== 'flexibleRollout' || only === undefined || more.length > 0) return null;
  return only.name === 'candidate' || only.name === 'stable' ? only.name : null;
}

/** A strategy without a share of its own (`default`, `userWithId`) takes everyone it applies to. */
function percentOf(wire: WireStrategy): number {
  if (wire.disabled === true) return 0;
  const percent = Number(wire.parameters.rollout ?? wire.parameters.percentage ?? '100');
  return Number.isFinite(percent) ? percent : 100;
}

function toStrategy(wire: WireStrategy, index: number): FlagStrategy {
  const cohort = cohortOf(wire);
  const build = cohort === null ? undefined : wire.variants[0]?.payload?.value;
  return {
    // The client API tells no ids, only an order.
    id: wire.id ?? `#${index}`,
    kind: wire.name,
    cohort,
    percent: percentOf(wire),
    build: build === undefined || build === '' ? null : build,
    sortOrder: wire.sortOrder ?? index,
  };
}

/** Reads a flag from either API; SERVICE_ANSWER_INVALID when it is none. */
export function parseFlag(value: unknown, environment: EnvironmentName, where: string): FlagState {
  const parsed = feature.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AuroraError('SERVICE_ANSWER_INVALID', `not a flag: ${issue?.message ?? 'unknown'}`, {
      where: issue === undefined ? where : `${where} ${issue.path.join('/')}`,
    });
  }
  const strategies = parsed.data.strategies
    .map(toStrategy)
    .sort((a, b) => a.sortOrder - b.sortOrder);
  return { name: parsed.data.name, environment, enabled: parsed.data.enabled, strategies };
}
