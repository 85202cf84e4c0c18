import { packReading } from '../../../src/judge/recording.ts';
import type { StreamRules } from '../../../src/judge/stream.ts';
import type { WatchReading } from '../../../src/judge/watching.ts';
import type { EventData, EventType, JournalEntry } from '../../../src/release/events.ts';
import { emptyHead, encodeEntry, headAfter, nextEntry } from '../../../src/release/journal.ts';

/** What happened, without its place in a journal. */
export type Told = { [T in EventType]: readonly [type: T, data: EventData[T]] }[EventType];

export const release = '20261122-000000-1.4.0-aaaa';
const digest = 'b'.repeat(64);

/** A release of one build, with whatever followed. */
export const created: Told = [
  'release.created',
  {
    ...{ project: 'p', build: { name: 'concierge', version: '1.4.0', digest }, stable: null },
    plan: { version: '1.0.0', digest: 'p'.repeat(64), directory: 'checklists' },
    ...{ timeScale: 1, rehearsal: false, connect: {} },
  },
];
export const started = (step: number): Told => ['step.started', { step, plannedMs: 1 }];
export const ended = (step: number, verdict: EventData['step.ended']['verdict']): Told => [
  'step.ended',
  { step, verdict, reasons: ['it was so'], evidence: digest },
];
export const over = (outcome: EventData['release.ended']['outcome'], exit: number): Told => [
  'release.ended',
  { outcome, exit, reason: 'it was so' },
];

/** Looks of a watch as the gate writes them down. */
export function looks(
  step: number,
  rules: StreamRules,
  readings: readonly WatchReading[],
  watch = 'canary',
): readonly Told[] {
  return readings.map((reading) => [
    'watch.progress',
    { step, text: 'a look', data: { watch, ...rules, reading: packReading(reading) } },
  ]);
}

/** The entries of a journal. */
export function entriesOf(told: readonly Told[]): readonly JournalEntry[] {
  let head = emptyHead;
  return told.map(([type, data]) => {
    const entry = nextEntry(head, release, '2026-11-22T00:00:00.000Z', 'Alex W.', type, data);
    head = headAfter(entry, encodeEntry(entry));
    return entry;
  });
}
