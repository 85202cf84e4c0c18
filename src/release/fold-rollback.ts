import type { Handlers } from './handlers.ts';
import type { CompensationState, ReleaseState } from './state.ts';

function withCompensation(
  state: ReleaseState,
  key: string,
  make: (old: CompensationState | undefined) => CompensationState,
): ReleaseState {
  if (state.rollback === null) return state;
  const compensations = new Map(state.rollback.compensations);
  compensations.set(key, make(compensations.get(key)));
  return { ...state, rollback: { ...state.rollback, compensations } };
}

type RollbackEvents =
  | 'rollback.started'
  | 'compensation.started'
  | 'compensation.done'
  | 'compensation.failed'
  | 'rollback.ended';

/** What each entry of a rollback changes. */
export const rollbackHandlers: Pick<Handlers, RollbackEvents> = {
  'rollback.started': (state, data, entry) => ({
    ...state,
    restored: null,
    rollback: {
      startedAt: entry.at,
      endedAt: null,
      started: data,
      ended: null,
      compensations: new Map(),
    },
  }),
  'compensation.started': (state, data) =>
    withCompensation(state, data.key, () => ({ ...data, status: 'running', already: false })),
  'compensation.done': (state, data) =>
    withCompensation(state, data.key, (old) => ({
      ...data,
      status: 'done',
      before: old?.before ?? {},
    })),
  'compensation.failed': (state, data) =>
    withCompensation(state, data.key, (old) => ({
      ...data,
      status: 'failed',
      already: false,
      before: old?.before ?? {},
    })),
  'rollback.ended': (state, data, entry) =>
    state.rollback === null
      ? state
      : { ...state, rollback: { ...state.rollback, ended: data, endedAt: entry.at } },
};
