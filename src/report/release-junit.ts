import type { Plan } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { exitOf } from './exit.ts';
import { type JUnitProperty, type JUnitSuite, junitXml } from './junit.ts';
import { skippedLabel } from './override-words.ts';
import { elapsedMs, ownerLabel, planStep } from './words.ts';

/** Facts that are known, by name. */
function properties(
  facts: Readonly<Record<string, string | number | null | undefined>>,
): readonly JUnitProperty[] {
  return Object.entries(facts).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)] as const],
  );
}

function suiteOf(step: StepState, plan: Plan, facts: readonly JUnitProperty[]): JUnitSuite {
  const row = planStep(plan, step.step);
  const durationMs = elapsedMs(step.startedAt, step.endedAt);
  const owner = row === undefined ? '' : `, ${ownerLabel(row.owner)}`;
  const { verdict, reasons, checks, startedAt, evidence } = step;
  const skipped = skippedLabel(step);
  return {
    name: `step ${step.step}: ${row?.title ?? 'unknown'}${owner}`,
    classname: `aurora.${row?.id ?? `step-${step.step}`}`,
    ...{ verdict, reasons, checks, startedAt },
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(skipped === undefined ? {} : { skipped }),
    properties: [...facts, ...properties({ verdict, skipped, evidence })],
  };
}

/**
 * JUnit XML of a release: a test suite for each step that was reached. `exit` is that of the verb,
 * where it is not the release's own. Secrets redacted.
 */
export function releaseJUnit(
  state: ReleaseState,
  plan: Plan,
  exit: number | null = exitOf(state),
): string {
  const { id, build, created } = state;
  const facts = properties({
    release: id,
    build: build?.digest,
    version: build === null ? null : `${build.name} ${build.version}`,
    plan: created?.plan.digest ?? plan.digest,
    exit,
  });
  const suites = [...state.steps.values()].map((step) => suiteOf(step, plan, facts));
  return junitXml(`aurora ${id}`, suites);
}
