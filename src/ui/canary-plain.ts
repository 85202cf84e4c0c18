import type { JsonObject } from '../base/json.ts';
import { type Look, type LookMetric, readLook, readLookAhead } from '../report/look.ts';
import { stateWord, troubles } from '../report/look-words.ts';

/** Looks without any change are told this seldom. */
const everyNth = 10;

/** Whether a look is worth a line in a log, and the lines under it. */
export interface Telling {
  readonly tell: boolean;
  readonly under: readonly string[];
}

/**
 * Decides of one look after another what a log tells: the first one, whatever changed, and else each
 * tenth. Null for progress that is no look.
 */
export function lookTeller(): (data: JsonObject | undefined) => Telling | null {
  let last: Look | null = null;
  let untold = 0;
  return (data) => {
    if (data === undefined) return null;
    const ahead = readLookAhead(data);
    if (ahead !== null) return { tell: true, under: ahead.forecast.map(({ words }) => words) };
    const look = readLook(data);
    if (look === null) return null;
    const before = last?.watch === look.watch ? last : null;
    const under = before === null ? troubles(look) : changes(before, look);
    const tell = before === null || under.length > 0 || untold + 1 >= everyNth;
    untold = tell ? 0 : untold + 1;
    last = look;
    return { tell, under };
  };
}

/** What is new since the look before, a line each. */
function changes(before: Look, look: Look): readonly string[] {
  const verdict =
    before.state === look.state
      ? []
      : [`verdict: ${stateWord(before.state)} -> ${stateWord(look.state)}`];
  const known = new Map(before.metrics.map((metric) => [metric.id, metric]));
  const metrics = look.metrics.flatMap((metric) => {
    const old = known.get(metric.id);
    return old === undefined || sameFor(old, metric)
      ? []
      : [`${metric.id}: ${stateWord(old.state)} -> ${stateWord(metric.state)}`];
  });
  const extended = look.extended && !before.extended ? ['the window is extended, once'] : [];
  // A count of failures grows with each of them: that it cannot see, and that it can again, is news.
  const wasBlind = before.failures > 0;
  const seesAgain = wasBlind && look.failures === 0 ? ['measured again'] : [];
  const old = new Set(troubles(before));
  const isNews = (text: string) => !old.has(text) && !(wasBlind && text.startsWith('not measured'));
  return [...verdict, ...metrics, ...extended, ...seesAgain, ...troubles(look).filter(isNews)];
}

/** Of a guard only its band is news: that it collects holds nothing. */
function sameFor(old: LookMetric, metric: LookMetric): boolean {
  return metric.role === 'guard' ? old.band === metric.band : old.state === metric.state;
}
