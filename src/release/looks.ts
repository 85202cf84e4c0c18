import type { JournaledLook } from '../checks/kind.ts';
import type { JournalEntry } from './events.ts';

/** What the watches of a release wrote into its journal, as the checks of this step see it. */
export function looksOf(entries: readonly JournalEntry[], step: number): readonly JournaledLook[] {
  const verdict = entries.findLastIndex(
    ({ type, data }) => type === 'step.ended' && data.step === step,
  );
  return entries.flatMap((entry, index) => {
    if (entry.type !== 'watch.progress' || entry.data.data === undefined) return [];
    const { step: own, data } = entry.data;
    return [
      { step: own, at: Date.parse(entry.at), interrupted: own === step && index > verdict, data },
    ];
  });
}
