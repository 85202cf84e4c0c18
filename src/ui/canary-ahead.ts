import type { Foreseen, LookAhead } from '../report/look.ts';
import { type Canvas, detail } from './canvas.ts';

/** A gate that cannot be proven comes first: somebody may want to change that in time. */
function weight({ role, provable }: Foreseen): number {
  if (role === 'guard') return 2;
  return provable ? 1 : 0;
}

/** What a watch can prove, before its first look; at most `room` lines. */
export function forecastLines(
  { forecast, over }: LookAhead,
  room: number,
  canvas: Canvas,
): readonly string[] {
  const { theme } = canvas;
  const { symbols } = theme;
  const sorted = forecast.toSorted((a, b) => weight(a) - weight(b));
  const fits = Math.max(1, room - 1);
  const shown = sorted.length <= fits ? sorted : sorted.slice(0, fits - 1);
  const hidden = sorted.length - shown.length;
  const from = over === null ? '' : `, from ${over}`;
  const provable = forecast.filter((one) => one.provable).length;
  const summary = `${provable} of ${forecast.length} metrics can be proven`;
  return [
    detail(symbols.running, `foreseen${from}: ${summary}`, canvas),
    ...shown.map((one) =>
      detail(weight(one) === 0 ? theme.hold(symbols.hold) : symbols.waiting, one.words, canvas),
    ),
    ...(hidden === 0 ? [] : [detail(symbols.waiting, `${hidden} more`, canvas)]),
  ];
}
