import type { LookAhead } from '../report/look.ts';
import { type Canvas, detail } from './canvas.ts';

/**
 * What a watch can prove, before its first look. What cannot be proven comes first: it is what somebody may want to change before it is too late.
 */
export function forecastLines(
  { forecast, over }: LookAhead,
  room: number,
  canvas: Canvas,
): readonly string[] {
  const { theme } = canvas;
  const { symbols } = theme;
  const bad = forecast.filter(({ provable }) => !provable);
  const sorted = [...bad, ...forecast.filter(({ provable }) => provable)];
  const fits = Math.max(1, room - 1);
  const shown = sorted.length <= fits ? sorted : sorted.slice(0, fits - 1);
  const hidden = sorted.length - shown.length;
  const from = over === null ? '' : `, from ${over}`;
  const summary = `${forecast.length - bad.length} of ${forecast.length} metrics can be proven`;
  return [
    detail(symbols.running, `foreseen${from}: ${summary}`, canvas),
    ...shown.map(({ words, provable }) =>
      detail(provable ? symbols.waiting : theme.hold(symbols.hold), words, canvas),
    ),
    ...(hidden === 0 ? [] : [detail(symbols.waiting, `${hidden} more`, canvas)]),
  ];
}
