import type { SeenLook } from '../release/state.ts';
import { type Look, type LookMetric, readLook, readLookAhead } from '../report/look.ts';
import { collapsed, headline, outlook, roughDuration, troubles } from '../report/look-words.ts';
import { forecastLines } from './canary-ahead.ts';
import { columnsOf } from './canary-columns.ts';
import { metricLine, metricSign } from './canary-metric.ts';
import { type Canvas, detail, detailSpace, laidOut } from './canvas.ts';
import { textWidth } from './text.ts';

/** Everything that a watch saw, as far as it is drawn. */
interface Seen {
  readonly look: Look;
  readonly at: number;
  /** Looks of the same watch, this one last. */
  readonly all: readonly { readonly look: Look; readonly at: number }[];
}

/**
 * The live view of a watch: how it stands, then a line for each metric, gates first. Before its first
 * look: what it can prove. Null when nothing of it is known. At most `room` lines, unless it takes
 * more to show every gate that is not proven.
 */
export function canaryPanel(
  looks: readonly SeenLook[],
  room: number,
  canvas: Canvas,
): readonly string[] | null {
  const last = looks.at(-1);
  if (last === undefined) return null;
  const ahead = readLookAhead(last.data);
  if (ahead !== null) return forecastLines(ahead, room, canvas);
  const seen = seenOf(looks);
  if (seen === null) return null;
  // Every gate and a count of the guards come before more trouble, and a second line of the head.
  const gates = seen.look.metrics.filter(({ role }) => role === 'gate').length;
  const trouble = troubles(seen.look)
    .slice(0, Math.max(1, room - gates - 2))
    .map((text) => detail(troubleSign(seen.look, canvas), text, canvas));
  const mostHead = room - trouble.length > gates + 2 ? 2 : 1;
  const above = [...headLines(seen, mostHead, canvas), ...trouble];
  return [...above, ...metricLines(seen, room - above.length, canvas)];
}

function seenOf(looks: readonly SeenLook[]): Seen | null {
  const all = looks.flatMap(({ at, data }) => {
    const look = readLook(data);
    return look === null ? [] : [{ look, at: Date.parse(at) }];
  });
  const last = all.at(-1);
  if (last === undefined) return null;
  return { ...last, all: all.filter(({ look }) => look.watch === last.look.watch) };
}

function troubleSign({ state, failures }: Look, { theme }: Canvas): string {
  if (state === 'red') return theme.status('fail');
  return theme.status(failures > 0 ? 'error' : 'inconclusive');
}

/** A look that is overdue by this many of its usual pauses is told to be old. */
const overdue = 2.5;

function headLines({ look, at, all }: Seen, most: number, canvas: Canvas): readonly string[] {
  const since = Math.max(0, canvas.now - at);
  const first = all[0]?.at ?? at;
  const pause = all.length < 2 ? look.windowMs : (at - first) / (all.length - 1);
  const old = pause > 0 && since > overdue * pause;
  const [whole = '', ...rest] = headline(look, look.elapsedMs + (old ? 0 : since));
  const parts = old ? [whole, `last look ${roughDuration(since)} ago`, ...rest] : [whole, ...rest];
  const { symbols } = canvas.theme;
  return filled(parts, detailSpace(canvas))
    .slice(0, most)
    .map((text, index) => detail(index === 0 ? symbols.running : ' ', text, canvas));
}

/** Parts with commas between them, in lines of at most `width` columns; no part is broken. */
function filled(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last}, ${part}`;
    if (last !== undefined && textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function metricLines({ look, all }: Seen, room: number, canvas: Canvas): readonly string[] {
  const { theme } = canvas;
  const { gates, counted, guards } = chosen(look.metrics, room);
  const shown = [...gates, ...guards];
  const outlooks = shown.map((metric) => outlook(metric, look));
  const columns = columnsOf({ metrics: shown, outlooks, looks: all.length }, detailSpace(canvas));
  const line = (metric: LookMetric) => {
    const done = ({ metrics }: Look) => metrics.find(({ id }) => id === metric.id)?.done ?? 0;
    const history = all.map((one) => done(one.look));
    const text = metricLine(metric, look, history, columns, canvas);
    return laidOut(metricSign(metric, theme), text);
  };
  return [
    ...gates.map(line),
    ...counted.map((text) => detail(theme.symbols.waiting, text, canvas)),
    ...guards.map(line),
  ];
}

/** What gets a line of its own, and what is only counted. */
interface Chosen {
  readonly gates: readonly LookMetric[];
  readonly counted: readonly string[];
  readonly guards: readonly LookMetric[];
}

/** Gates first, then the guards under a count of them; short of room, only those that are red. */
function chosen(metrics: readonly LookMetric[], room: number): Chosen {
  const gates = metrics.filter(({ role }) => role === 'gate');
  const guards = metrics.filter(({ role }) => role === 'guard');
  const guardCount = guards.length === 0 ? [] : [collapsed(guards, 'guard')];
  if (metrics.length + guardCount.length <= room) return { gates, counted: guardCount, guards };
  const red = guards.filter(({ band }) => band === 'red');
  if (gates.length + guardCount.length + red.length <= room) {
    return { gates, counted: guardCount, guards: red };
  }
  const open = gates.filter(({ band }) => band !== 'green');
  const proven = gates.filter(({ band }) => band === 'green');
  const gateCount = proven.length === 0 ? [] : [collapsed(proven, 'gate')];
  return { gates: open, counted: [...gateCount, ...guardCount], guards: red };
}
