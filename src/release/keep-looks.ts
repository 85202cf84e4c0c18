import type { JsonObject } from '../base/json.ts';
import type { SeenLook, StepState } from './state.ts';

/** Looks of one watch that a state remembers: the longest watch that ships, looked at each minute. */
const kept = 60;

/** The looks with one more. Raw readings stay in the journal, which is where they are replayed from. */
export function keepLook(
  looks: readonly SeenLook[],
  at: string,
  data: JsonObject | undefined,
): readonly SeenLook[] {
  if (data === undefined) return looks;
  const { reading: _reading, ...rest } = data;
  const all = [...looks, { at, data: rest }];
  const ofThisWatch = all.filter((one) => one.data.watch === data.watch);
  if (ofThisWatch.length <= kept) return all;
  const [oldest] = ofThisWatch;
  return all.filter((one) => one !== oldest);
}

/** What a step that begins again still knows: an interrupted watch goes on from what it saw. */
export function looksBefore(step: StepState | undefined): readonly SeenLook[] {
  return step === undefined || step.verdict !== null ? [] : step.looks;
}
