import type { CompensationState, ReleaseState } from '../release/state.ts';
import { errorLabel } from '../report/words.ts';
import { type Canvas, deeper, detail, type RowView } from './canvas.ts';
import { wrap } from './text.ts';

/** The rollback as one row with its compensations under it; none before it started. */
export function rollbackRows(state: ReleaseState, canvas: Canvas): readonly RowView[] {
  const { rollback } = state;
  if (rollback === null) return [];
  const { theme, width } = canvas;
  const { ended, started } = rollback;
  const broken = ended?.complete === false;
  const paint = broken ? theme.noGo : theme.rollback;
  const sign = ended === null ? canvas.spin : broken ? theme.symbols.fail : theme.symbols.undo;
  const word = ended === null ? 'rolling back' : broken ? 'ROLLBACK INCOMPLETE' : 'rolled back';
  const only = started.only === 'flags' ? ' (flags only)' : '';
  const text = wrap(`${word}${only}: ${started.reason}`, width - 4);
  const compensations = [...rollback.compensations.values()];
  return [
    {
      status: ended === null ? 'running' : 'done',
      lines: [
        ...text.map((line, index) => (index === 0 ? `${paint(sign)} ${paint(line)}` : paint(line))),
        ...compensations.flatMap((one) => compensation(one, canvas)),
      ],
    },
  ];
}

function compensation(one: CompensationState, canvas: Canvas): readonly string[] {
  const { theme } = canvas;
  const signs = {
    running: theme.rollback(canvas.spin),
    done: theme.status('pass'),
    failed: theme.status('fail'),
  } as const;
  const { error } = one;
  if (error === undefined) {
    const seen = one.already ? `was so already, ${one.observed ?? ''}` : (one.observed ?? '');
    return [detail(signs[one.status], one.title, canvas, seen)];
  }
  const remedy = error.remedy === undefined ? [] : [`${theme.symbols.arrow} ${error.remedy}`];
  return [
    detail(signs[one.status], `failed: ${one.title}`, canvas),
    ...[errorLabel(error), ...remedy].flatMap((text) => deeper(text, canvas)),
  ];
}
