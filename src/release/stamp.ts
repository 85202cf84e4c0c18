import type { Transition } from './follow-table.ts';
import type { ReleaseState } from './state.ts';
import {
  type CompensationPlace,
  type EffectPlace,
  type ReleasePlace,
  type RequestPlace,
  type StepPlace,
  statusOf,
} from './transitions.ts';

/** The map with a change to what lies under a key; what is not there is not made up. */
function changed<K, V>(map: ReadonlyMap<K, V>, key: K, change: Partial<V>): ReadonlyMap<K, V> {
  const old = map.get(key);
  return old === undefined ? map : new Map(map).set(key, { ...old, ...change });
}

function stamp(state: ReleaseState, { machine, of, to }: Transition): ReleaseState {
  // Steps and acts that are not begun are in no map.
  const absent = to === 'none' && machine !== 'release' && machine !== 'request';
  if (to === null || absent) return state;
  const step = Number(of);
  switch (machine) {
    case 'release': {
      const place = to as ReleasePlace;
      return { ...state, place, status: statusOf[place] };
    }
    case 'step': {
      const status = to as Exclude<StepPlace, 'none'>;
      return { ...state, steps: changed(state.steps, step, { status }) };
    }
    case 'request': {
      const requestStatus = to as RequestPlace;
      return { ...state, steps: changed(state.steps, step, { requestStatus }) };
    }
    case 'effect': {
      const status = to as Exclude<EffectPlace, 'none'>;
      return { ...state, effects: changed(state.effects, of, { status }) };
    }
    case 'compensation': {
      if (state.rollback === null) return state;
      const status = to as Exclude<CompensationPlace, 'none'>;
      const compensations = changed(state.rollback.compensations, of, { status });
      return { ...state, rollback: { ...state.rollback, compensations } };
    }
  }
}

/** The state with every status as the table says: handlers keep data, and no statuses. */
export function stamped(state: ReleaseState, moved: readonly Transition[]): ReleaseState {
  return moved.reduce(stamp, state);
}
