import { redact } from '../base/redact.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { exitOf } from './exit.ts';
import { nextStep } from './next-step.ts';
import type { DocumentContent } from './schema/documents.ts';
import { elapsedMs } from './words.ts';

/** Raised when a field changes its meaning or goes; new fields may come at any time. */
const version = 1;

/** As the schema has it, with the head that it has alone. */
type ReleaseDocument = DocumentContent<'release'> & {
  readonly aurora: 1;
  readonly kind: 'release';
};

/**
 * The `--json` document of a release: `{"aurora": 1, "kind": "release", ...}`. Times are ISO 8601 in
 * UTC, durations milliseconds; maps are arrays. Secrets redacted.
 */
export function releaseJson(state: ReleaseState, plan: Plan): string {
  return redact(`${JSON.stringify(releaseDocument(state, plan), null, 2)}\n`);
}

/** The same as a value. */
export function releaseDocument(state: ReleaseState, plan: Plan): ReleaseDocument {
  const { created, rollback } = state;
  return {
    aurora: version,
    kind: 'release',
    id: state.id,
    project: created?.project ?? null,
    status: state.status,
    outcome: state.outcome,
    exit: exitOf(state),
    reason: state.ended?.reason ?? state.hold?.reason ?? state.failure?.error.message ?? null,
    starter: state.starter,
    createdAt: state.createdAt || null,
    updatedAt: state.updatedAt || null,
    endedAt: state.endedAt,
    rehearsal: created?.rehearsal ?? null,
    timeScale: created?.timeScale ?? null,
    connect: Object.entries(created?.connect ?? {}).map(([origin, to]) => ({ origin, to })),
    build: state.build,
    stable: created?.stable ?? null,
    plan: created?.plan ?? null,
    facts: {
      ...state.facts,
      slots: Object.entries(state.facts.slots).map(([environment, slot]) => ({
        environment,
        slot,
      })),
    },
    overrides: state.overrides,
    current: state.current,
    hold: state.hold,
    failure: state.failure,
    steps: plan.steps.map((row) => ({
      step: row.step,
      id: row.id,
      title: row.title,
      owner: row.owner,
      criterion: row.criterion,
      plannedMs: row.durationMs,
      ...stepFields(state.steps.get(row.step)),
    })),
    effects: [...state.effects].map(([key, effect]) => ({ key, ...effect })),
    rollback:
      rollback === null
        ? null
        : {
            startedAt: rollback.startedAt,
            endedAt: rollback.endedAt,
            ...rollback.started,
            ended: rollback.ended,
            compensations: [...rollback.compensations.values()],
          },
    restored: state.restored,
    documents: state.documents,
    next: nextStep(state, plan),
  };
}

function stepFields(step: StepState | undefined) {
  if (step === undefined) return { status: 'not-reached', verdict: null, checks: [] } as const;
  const { step: _number, plannedMs: _planned, looks: _looks, ...fields } = step;
  return { ...fields, actualMs: elapsedMs(step.startedAt, step.endedAt) ?? null };
}
