import type { CompensationState, ReleaseState } from '../release/state.ts';
import { cell, inline, markdownTable, paragraphs } from './markdown.ts';
import { elapsedLabel, errorLabel, utcLabel } from './words.ts';

/** What the rollback did and what was seen from outside afterwards; undefined without one. */
export function rollbackSection(state: ReleaseState): string | undefined {
  const { rollback } = state;
  if (rollback === null) return undefined;
  const { started, ended, startedAt, endedAt } = rollback;
  const left = leftOver(state);
  const only = started.only === 'flags' ? ' Only the flags were switched off, as asked.' : '';
  return paragraphs(
    `Began ${utcLabel(startedAt)} UTC, because: ${inline(started.reason)}.${only} ` +
      (ended === null
        ? 'It had not ended when this was written.'
        : `It took ${elapsedLabel(startedAt, endedAt)}.`),
    compensationTable([...rollback.compensations.values()]),
    ended === null ? undefined : safety(ended.customersSafe, ended.proof),
    left === undefined ? undefined : paragraphs('**Not undone:**', left),
    state.restored === null
      ? undefined
      : `Flags given back afterwards: ${state.restored.map(inline).join(', ')}.`,
  );
}

/** Each compensation with what was seen. */
export function compensationTable(all: readonly CompensationState[]): string {
  if (all.length === 0) return 'No compensation was carried out.';
  const words = { running: '**not finished**', done: 'done', failed: '**FAILED**' } as const;
  return markdownTable(
    ['Result', 'Compensation', 'Expected', 'Seen from outside'],
    all.map((one) => [
      one.already ? 'was so already' : words[one.status],
      cell(one.title),
      cell(one.expected ?? ''),
      cell(one.error === undefined ? (one.observed ?? '') : errorLabel(one.error)),
    ]),
  );
}

function safety(safe: boolean, proof: readonly string[]): string {
  const head = safe
    ? 'Customers are off the candidate, as seen from outside:'
    : '**It was NOT seen from outside that customers are off the candidate:**';
  const lines =
    proof.length === 0 ? ['- nothing was seen'] : proof.map((line) => `- ${inline(line)}`);
  return `${head}\n\n${lines.join('\n')}`;
}

/** What could not be undone, each with what to do about it; undefined when nothing is left. */
export function leftOver(state: ReleaseState): string | undefined {
  // While a rollback runs, what is not finished may well succeed yet.
  const over = state.rollback?.ended !== null;
  const failed = [...(state.rollback?.compensations.values() ?? [])].filter(
    ({ status }) => status === 'failed' || (over && status === 'running'),
  );
  const undo = [...state.effects.values()].filter((effect) => effect.status === 'undo-failed');
  const lines = [...failed, ...undo].map(({ title, error }) => {
    const why = error === undefined ? 'not finished' : errorLabel(error);
    const remedy = error?.remedy === undefined ? '' : ` ${inline(error.remedy)}`;
    return `- ${inline(title)}: ${inline(why)}.${remedy}`;
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}
