import type { ReleaseFacts } from '../checks/kind.ts';
import { approvalCheckId, beforeTheWord } from './before-word.ts';
import { rollbackHandlers } from './fold-rollback.ts';
import type { Handlers } from './handlers.ts';
import { keepLook, looksBefore } from './keep-looks.ts';
import type { EffectState, ReleaseState, StepState } from './state.ts';

function withStep(state: ReleaseState, step: number, change: Partial<StepState>): ReleaseState {
  const old = state.steps.get(step);
  if (old === undefined) return state;
  return { ...state, steps: new Map(state.steps).set(step, { ...old, ...change }) };
}

function withEffect(state: ReleaseState, key: string, change: Partial<EffectState>): ReleaseState {
  const old = state.effects.get(key);
  if (old === undefined) return state;
  return { ...state, effects: new Map(state.effects).set(key, { ...old, ...change }) };
}

function mergeFacts(facts: ReleaseFacts, change: Partial<ReleaseFacts> | undefined): ReleaseFacts {
  if (change === undefined) return facts;
  return { ...facts, ...change, slots: { ...facts.slots, ...change.slots } };
}

/** A step before anything was measured in it. */
function unbegun(step: number, startedAt: string): StepState {
  return {
    step,
    status: 'running',
    requestStatus: 'none',
    startedAt,
    endedAt: null,
    plannedMs: 0,
    timeScale: null,
    checks: [],
    verdict: null,
    reasons: [],
    evidence: null,
    approvals: [],
    rejection: null,
    request: null,
    skipped: null,
    progress: null,
    looks: [],
  };
}

/** Steps that are carried out again are as if they had not been reached; the journal still has them. */
function stepsBefore({ steps }: ReleaseState, from: number): ReleaseState['steps'] {
  return new Map([...steps].filter(([step]) => step < from));
}

/** What each entry adds to what is known of a release. Statuses are the table's: see stamp.ts. */
export const handlers: Handlers = {
  'release.created': (state, data, entry) => ({
    ...state,
    createdAt: entry.at,
    starter: entry.actor,
    created: data,
    build: data.build,
    facts: { candidate: data.build.digest, stable: data.stable?.digest ?? null, slots: {} },
  }),
  'release.resumed': (state, data) => ({
    ...state,
    hold: null,
    failure: null,
    steps: data.again === true ? stepsBefore(state, data.from) : state.steps,
  }),
  'lease.acquired': (state) => state,
  'release.overtaken': (state) => state,
  'rescue.merged': (state) => state,
  'step.started': (state, data, entry) => ({
    ...state,
    current: data.step,
    steps: new Map(state.steps).set(data.step, {
      // A resumed step began when it first began: the ticket's duration includes the break.
      ...unbegun(data.step, state.steps.get(data.step)?.startedAt ?? entry.at),
      plannedMs: data.plannedMs,
      timeScale: data.timeScale ?? null,
      looks: looksBefore(state.steps.get(data.step)),
    }),
  }),
  'check.done': (state, data) => {
    const all = state.steps.get(data.step)?.checks ?? [];
    // A resumed step goes on at its word: what was written down from there on is told anew.
    const isWord = data.result.id === approvalCheckId(data.step);
    const checks = isWord ? beforeTheWord(all, data.step) : all;
    return withStep(state, data.step, { checks: [...checks, data.result] });
  },
  'watch.progress': (state, data, entry) => {
    const looks = keepLook(state.steps.get(data.step)?.looks ?? [], entry.at, data.data);
    return withStep(state, data.step, { progress: data.text, looks });
  },
  'effect.started': (state, data) => ({
    ...state,
    effects: new Map(state.effects).set(data.key, {
      step: data.step,
      title: data.title,
      status: 'running',
      // A repeated start after a crash sees what the first one did: the first `before` is the true one.
      before: state.effects.get(data.key)?.before ?? data.before,
    }),
  }),
  'effect.done': (state, data) => {
    const next = withEffect(state, data.key, { observed: data.observed });
    return { ...next, facts: mergeFacts(state.facts, data.facts) };
  },
  'effect.failed': (state, data) => withEffect(state, data.key, { error: data.error }),
  'effect.undone': (state) => state,
  'effect.undo-failed': (state, data) => withEffect(state, data.key, { error: data.error }),
  'approval.requested': (state, data) =>
    withStep(state, data.step, { request: data, approvals: [], rejection: null }),
  'approval.given': (state, data) => {
    const approvals = state.steps.get(data.step)?.approvals ?? [];
    return withStep(state, data.step, { approvals: [...approvals, data] });
  },
  'approval.rejected': (state, data) => withStep(state, data.step, { rejection: data }),
  'approval.refused': (state) => state,
  'approval.revoked': (state, data) =>
    withStep(state, data.step, {
      ...{ endedAt: null, verdict: null, reasons: [], evidence: null },
      ...{ approvals: [], rejection: null, request: null, skipped: null },
    }),
  'override.given': (state, data) => ({ ...state, overrides: [...state.overrides, data] }),
  'owner.told': (state) => state,
  'step.skipped': (state, data, entry) => ({
    ...state,
    current: data.step,
    steps: new Map(state.steps).set(data.step, {
      ...(state.steps.get(data.step) ?? unbegun(data.step, entry.at)),
      endedAt: entry.at,
      verdict: 'go',
      skipped: data,
    }),
  }),
  'step.ended': (state, data, entry) =>
    withStep(state, data.step, {
      endedAt: entry.at,
      verdict: data.verdict,
      reasons: data.reasons,
      evidence: data.evidence,
    }),
  'release.held': (state, data) => ({ ...state, hold: data }),
  'release.interrupted': (state) => state,
  'release.failed': (state, data) => ({ ...state, failure: data }),
  ...rollbackHandlers,
  'flags.restored': (state, data) => ({ ...state, restored: data.flags }),
  // Written again, it is still one document.
  'document.written': (state, data) => ({
    ...state,
    documents: [...state.documents.filter(({ kind }) => kind !== data.kind), data],
  }),
  'release.ended': (state, data, entry) => ({
    ...state,
    outcome: data.outcome,
    ended: data,
    endedAt: entry.at,
  }),
};
