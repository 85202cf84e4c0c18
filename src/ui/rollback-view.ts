import type { CompensationState, ReleaseState } from '../release/state.ts';
import { errorLabel } from '../report/words.ts';
import type { Canvas, RowView } from './step-view.ts';
import { truncate, wrap } from './text.ts';

/** The rollback as one row with its compensations under it; none before it started. */
export function rollbackRows(state: ReleaseState, canvas: Canvas): readonly RowView[] {
  const { rollback } = state;
  if (rollback === null) return [];
  const { theme, width } = canvas;
  const { ended, started } = rollback;
  const word =
    ended === null ? 'rolling back' : ended.complete ? 'rolled back' : 'ROLLBACK INCOMPLETE';
  const only = started.only === 'flags' ? ' (flags only)' : '';
  const paint = ended?.complete === false ? theme.noGo : theme.rollback;
  const [first = '', ...rest] = wrap(`${word}${only}: ${started.reason}`, width - 2);
  const lines = [...rollback.compensations.values()].flatMap((one) => compensation(one, canvas));
  return [
    {
      status: ended === null ? 'running' : 'done',
      sign: paint(ended?.complete === false ? theme.symbols.fail : theme.symbols.undo),
      lines: [paint(first), ...rest.map((line) => paint(line)), ...lines],
    },
  ];
}

function compensation(one: CompensationState, { theme, width }: Canvas): readonly string[] {
  const signs = {
    running: theme.symbols.running,
    done: theme.status('pass'),
    failed: theme.status('fail'),
  } as const;
  const seen = one.already ? `was so already, ${one.observed ?? ''}` : (one.observed ?? '');
  const text = `${one.title} ${theme.quiet(seen)}`;
  const head = `    ${signs[one.status]} ${truncate(text, width - 6, theme.symbols.ellipsis)}`;
  if (one.error === undefined) return [head.trimEnd()];
  const { error } = one;
  const remedy =
    error.remedy === undefined ? [] : wrap(`${theme.symbols.arrow} ${error.remedy}`, width - 8);
  const why = wrap(errorLabel(error), width - 8);
  return [
    `    ${theme.noGo(`${theme.symbols.fail} failed: ${one.title}`)}`,
    ...[...why, ...remedy].map((line) => `      ${line}`),
  ];
}
