import { z } from 'zod';
import type { Freeze, YearDay } from './freeze.ts';
import { isZone } from './freeze-zone.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const text = z.string().min(1);

/** As written. Which of its three forms it has is told by `days` and `every`. */
const written = z.strictObject({
  name: text.describe('As people know it; told to whoever is refused.'),
  zone: text.describe('Time zone of all its times: Europe/Oslo.'),
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .optional()
    .describe('Each week, beginning on these days; from and to are times.'),
  every: z.literal('year').optional().describe('Each year; from and to are days of it.'),
  from: text.describe('2026-11-27T00:00; with days 15:00; with every: year 12-23.'),
  to: text.describe('As from. A time is the first that is free again, a day the last that is not.'),
});
type Written = z.infer<typeof written>;

/** Milliseconds of `2026-11-27T00:00` on a wall; undefined when there is no such day or time. */
function moment(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text}Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text) ? ms : undefined;
}

/** Minutes of `15:00`, up to `24:00`. */
function timeOfDay(text: string): number | undefined {
  const [, hours = '', minutes = ''] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const all = Number(hours) * 60 + Number(minutes);
  return hours === '' || Number(minutes) > 59 || all > 1440 ? undefined : all;
}

/** `12-23`; the 29th of February is a day. */
function yearDay(text: string): YearDay | undefined {
  if (!/^\d\d-\d\d$/.test(text) || moment(`2024-${text}T00:00`) === undefined) return undefined;
  return { month: Number(text.slice(0, 2)), day: Number(text.slice(3)) };
}

/** What is wrong, and under which key. */
type Wrong = { readonly key: keyof Written; readonly message: string };

function read<T>(
  { from, to }: Written,
  parse: (text: string) => T | undefined,
  like: string,
): { readonly from: T; readonly to: T } | Wrong {
  const first = parse(from);
  const last = parse(to);
  if (first === undefined) return { key: 'from', message: `"${from}" is not like ${like}` };
  if (last === undefined) return { key: 'to', message: `"${to}" is not like ${like}` };
  return { from: first, to: last };
}

const isWrong = (found: object): found is Wrong => 'message' in found;

function weekly(file: Written, days: NonNullable<Written['days']>): Freeze | Wrong {
  const span = read(file, timeOfDay, '15:00');
  if (isWrong(span)) return span;
  if (span.from === span.to) return { key: 'to', message: 'is the same as from: an empty window' };
  if (span.from === 1440) return { key: 'from', message: '"24:00" is 00:00 of the next day' };
  const { name, zone } = file;
  return { name, zone, when: 'weekly', days: days.map((day) => weekdays.indexOf(day)), ...span };
}

/** The window that is meant, or why it is none. */
function freezeOf(file: Written): Freeze | Wrong {
  const { name, zone, days, every } = file;
  if (!isZone(zone))
    return { key: 'zone', message: `"${zone}" is no time zone such as Europe/Oslo` };
  if (days !== undefined && every !== undefined) {
    return { key: 'every', message: 'a window has days or every, not both' };
  }
  if (days !== undefined) return weekly(file, days);
  if (every !== undefined) {
    const span = read(file, yearDay, '12-23');
    return isWrong(span) ? span : { name, zone, when: 'yearly', ...span };
  }
  const span = read(file, moment, '2026-11-27T00:00');
  if (isWrong(span)) return span;
  if (span.to <= span.from) return { key: 'to', message: 'is not after from' };
  return { name, zone, when: 'once', ...span };
}

/** One window of `freezes`. */
const freeze = written.transform((file, issues): Freeze => {
  const found = freezeOf(file);
  if (!isWrong(found)) return found;
  issues.addIssue({ code: 'custom', path: [found.key], message: found.message });
  return z.NEVER;
});

/** `freezes` of a plan; each has a name of its own. */
export const freezes = z
  .array(freeze)
  .superRefine((all, issues) => {
    for (const [index, { name }] of all.entries()) {
      if (all.findIndex((one) => one.name === name) === index) continue;
      const message = `"${name}" is the name of another window already`;
      issues.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
  })
  .describe('Windows in which no release may begin or reach customers. A rollback never asks.');
