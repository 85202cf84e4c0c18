import type { EventData, JournalEntry } from '../../../src/release/events.ts';

/**
 * A second telling of what a journal means, written without the table: everything is found anew
 * from the whole list each time, by looking back for the last entry that says so.
 */

type Past = readonly JournalEntry[];
type Data = { readonly step?: number; readonly key?: string };

const dataOf = (entry: JournalEntry) => entry.data as Data;
const lastIndex = (past: Past, says: (entry: JournalEntry) => boolean) => past.findLastIndex(says);
const isFlagsOnly = (entry: JournalEntry) =>
  entry.type === 'rollback.started' && entry.data.only === 'flags';
const isWhole = (entry: JournalEntry) =>
  entry.type === 'rollback.started' && entry.data.only !== 'flags';

/** How the release stands, in the words of the house. */
export function standing(past: Past): string {
  const end = lastIndex(past, ({ type }) => type === 'release.ended');
  // A whole rollback is over when the release is ended, and not before.
  if (lastIndex(past, isWhole) > end) return 'rolling-back';
  const flags = lastIndex(past, isFlagsOnly);
  const over = lastIndex(past, ({ type }) => type === 'rollback.ended');
  if (flags > end && flags > over) return end >= 0 ? 'switching-off-ended' : 'switching-off';
  if (end >= 0) return 'ended';
  if (flags >= 0) return 'switched-off';
  return beforeAnyRollback(past);
}

function beforeAnyRollback(past: Past): string {
  const last = past.at(-1);
  if (last === undefined) return 'none';
  const earlier = () => beforeAnyRollback(past.slice(0, -1));
  switch (last.type) {
    case 'release.interrupted':
    case 'release.failed':
    case 'release.overtaken':
      return 'interrupted';
    case 'release.held':
      return last.data.waitsFor === 'approval' ? 'waiting' : 'held';
    case 'approval.requested':
      return 'waiting';
    case 'approval.revoked': {
      const was = earlier();
      return was === 'waiting' ? 'running' : was;
    }
    case 'release.created':
    case 'release.resumed':
    case 'step.started':
    case 'step.ended':
    case 'step.skipped':
    case 'check.done':
    case 'effect.started':
    case 'effect.failed':
      return 'running';
    default:
      return earlier();
  }
}

export function stepStanding(past: Past, step: number): string {
  const last = past.findLast(
    (entry) =>
      dataOf(entry).step === step &&
      [
        'step.started',
        'check.done',
        'approval.requested',
        'approval.revoked',
        'step.ended',
        'step.skipped',
      ].includes(entry.type),
  );
  if (last === undefined) return 'none';
  if (last.type === 'step.ended' || last.type === 'step.skipped') return 'ended';
  return last.type === 'approval.requested' ? 'waiting' : 'running';
}

export function requestStanding(past: Past, step: number): string {
  for (const entry of [...past].reverse()) {
    if (dataOf(entry).step !== step) continue;
    if (entry.type === 'approval.requested') return 'asked';
    if (entry.type === 'approval.given') return 'given';
    if (entry.type === 'approval.rejected') return 'rejected';
    if (['step.started', 'step.skipped', 'approval.revoked'].includes(entry.type)) return 'none';
  }
  return 'none';
}

export function effectStanding(past: Past, key: string): string {
  const about = past.filter((e) => dataOf(e).key === key && e.type.startsWith('effect.'));
  const last = about.at(-1);
  if (last === undefined) return 'none';
  if (last.type === 'effect.started') return 'running';
  if (last.type === 'effect.done') return 'done';
  if (last.type === 'effect.undone') return 'undone';
  if (last.type === 'effect.undo-failed') return 'undo-failed';
  // A failed look at what was not begun, or is gone again, says nothing about it.
  const was = effectStanding(about.slice(0, -1), key);
  return ['none', 'undone', 'undo-failed'].includes(was) ? was : 'failed';
}

export function compensationStanding(past: Past, key: string): string {
  const since = past.slice(lastIndex(past, ({ type }) => type === 'rollback.started') + 1);
  const last = since.findLast((e) => dataOf(e).key === key && e.type.startsWith('compensation.'));
  if (last === undefined) return 'none';
  if (last.type === 'compensation.started') return 'running';
  return last.type === 'compensation.done' ? 'done' : 'failed';
}

/** Whether this entry may follow, said in words. */
function fits(past: Past, entry: JournalEntry): boolean {
  const now = standing(past);
  const { step = 0, key = '' } = dataOf(entry);
  const goesOn = ['running', 'waiting', 'held', 'interrupted'].includes(now);
  const undoing = ['rolling-back', 'switching-off', 'switching-off-ended'].includes(now);
  const moving = now === 'running' || now === 'waiting';
  const stepNow = step === 0 ? 'outside' : stepStanding(past, step);
  const asked = step === 0 ? 'none' : requestStanding(past, step);
  switch (entry.type) {
    case 'lease.acquired':
    case 'rescue.merged':
    case 'release.overtaken':
    case 'release.interrupted':
    case 'release.failed':
    case 'rollback.started':
      return true;
    case 'release.created':
      return now === 'none';
    case 'release.resumed':
    case 'release.held':
      return goesOn;
    case 'step.started':
      return now === 'running';
    case 'check.done':
      return moving && (stepNow === 'running' || stepNow === 'waiting');
    case 'watch.progress':
    case 'owner.told':
    case 'document.written':
      return now !== 'none';
    case 'effect.started':
    case 'effect.failed':
      return (now === 'none' || now === 'running') && ['outside', 'running'].includes(stepNow);
    case 'effect.done':
      return (
        now === 'running' &&
        ['outside', 'running'].includes(stepNow) &&
        effectStanding(past, key) === 'running'
      );
    case 'effect.undone':
    case 'effect.undo-failed':
      return (
        goesOn && stepNow !== 'none' && !['none', 'undone'].includes(effectStanding(past, key))
      );
    case 'approval.requested':
      return moving && ['running', 'waiting'].includes(stepNow);
    case 'approval.given':
      return moving && ['running', 'waiting'].includes(stepNow) && /asked|given/.test(asked);
    case 'approval.rejected':
      return moving && ['running', 'waiting'].includes(stepNow) && asked !== 'none';
    case 'approval.refused':
      return moving && stepNow !== 'none' && asked !== 'none';
    case 'approval.revoked':
      return goesOn && stepNow !== 'none' && asked !== 'none';
    case 'override.given':
      return goesOn || now === 'none';
    case 'step.skipped':
      return moving;
    case 'step.ended':
      return moving && ['running', 'waiting'].includes(stepNow) && asked !== 'asked';
    case 'compensation.started':
      return undoing;
    case 'compensation.done':
      return undoing && compensationStanding(past, key) === 'running';
    case 'compensation.failed':
      return undoing && ['none', 'running'].includes(compensationStanding(past, key));
    case 'rollback.ended':
      return undoing;
    case 'flags.restored':
      return now === 'rolling-back' || now === 'switched-off' || now === 'ended';
    case 'release.ended':
      return now === 'none' || goesOn || now === 'rolling-back' || now === 'switched-off';
  }
}

/** What counts of a journal that counts as a whole, and one more entry. */
export function withNext(past: Past, entry: JournalEntry): Past {
  return fits(past, entry) ? [...past, entry] : past;
}

/** The entries that count, in their order. */
export function accepted(entries: Past): Past {
  return entries.reduce<Past>(withNext, []);
}

/** The verdict of a step; null while it is open. */
export function verdictOf(past: Past, step: number): string | null {
  for (const entry of [...past].reverse()) {
    if (dataOf(entry).step !== step) continue;
    if (entry.type === 'step.ended') return entry.data.verdict;
    if (entry.type === 'step.skipped') return 'go';
    if (entry.type === 'step.started' || entry.type === 'approval.revoked') return null;
  }
  return null;
}

export function outcomeOf(past: Past): string | null {
  const last = past.findLast((entry) => entry.type === 'release.ended');
  return (last?.data as EventData['release.ended'] | undefined)?.outcome ?? null;
}

/** What was there before an effect was first begun. */
export function firstBefore(past: Past, key: string): unknown {
  const first = past.find((entry) => entry.type === 'effect.started' && entry.data.key === key);
  return first?.type === 'effect.started' ? first.data.before : undefined;
}
