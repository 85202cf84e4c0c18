import type { Json, JsonObject } from '../../base/json.ts';
import type { JournalEntry } from '../../release/events.ts';
import { unpackReading } from '../recording.ts';
import type { StreamRules } from '../stream.ts';
import type { WatchReading } from '../watching.ts';
import type { RecordedWatch } from './replay.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const numberOf = (value: Json | undefined) => (typeof value === 'number' ? value : null);

/** The rules that a look was taken by; null where the entry does not tell them. */
function rulesOf(data: JsonObject): StreamRules | null {
  const windowMs = numberOf(data.windowMs);
  const extendMs = numberOf(data.extendMs);
  if (windowMs === null || extendMs === null) return null;
  return {
    windowMs,
    extendMs,
    compared: data.compared === true,
    share: numberOf(data.share),
    // Where it was not written down the split is not judged again: never from what is only guessed.
    assignmentAfterMs: numberOf(data.assignmentAfterMs) ?? Number.MAX_SAFE_INTEGER,
  };
}

interface Gathering {
  readonly rules: StreamRules;
  readonly readings: WatchReading[];
}

/** Whether this look belongs to a watch of its own: time never goes back in one. */
function beginsAnew(watch: Gathering | null, reading: WatchReading): boolean {
  const last = watch?.readings.at(-1);
  return last === undefined || reading.elapsedMs < last.elapsedMs;
}

/**
 * The watches of that name that a journal holds, in their order. A watch ends with the verdict of its
 * step; one that was interrupted and resumed is one watch. What is not a look of ours is passed over.
 */
export function watchesIn(
  entries: readonly JournalEntry[],
  name: string,
): readonly RecordedWatch[] {
  const watches: Gathering[] = [];
  let open: Gathering | null = null;
  let step: number | null = null;
  for (const { type, data } of entries) {
    if (type === 'step.ended' && data.step === step) open = null;
    if (type !== 'watch.progress' || data.data?.watch !== name) continue;
    const reading = isObject(data.data.reading) ? unpackReading(data.data.reading) : null;
    const rules = rulesOf(data.data);
    if (reading === null || rules === null) continue;
    if (open === null || data.step !== step || beginsAnew(open, reading)) {
      open = { rules, readings: [] };
      watches.push(open);
      step = data.step;
    }
    open.readings.push(reading);
  }
  return watches;
}
