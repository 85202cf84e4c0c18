import type { Look, LookMetric } from '../report/look.ts';
import { countWords, outlook, rateWords } from '../report/look-words.ts';
import { bar, sparkline } from './canary-bars.ts';
import { type CanaryColumns, columnGap } from './canary-columns.ts';
import type { Canvas } from './canvas.ts';
import { oneLine, padEnd, padStart, truncate } from './text.ts';
import type { Paint, Theme } from './theme.ts';

/** The paint of a band; signs and words tell it too. */
export function bandPaint({ band }: Pick<LookMetric, 'band'>, theme: Theme): Paint {
  return { green: theme.go, amber: theme.hold, red: theme.noGo }[band];
}

/** The sign of a metric, painted: each state has a shape of its own. */
export function metricSign(metric: LookMetric, theme: Theme): string {
  const { symbols } = theme;
  const signs = {
    pending: symbols.waiting,
    warming: symbols.waiting,
    collecting: symbols.running,
    green: symbols.pass,
    amber: symbols.hold,
    red: symbols.fail,
  } as const;
  return bandPaint(metric, theme)(signs[metric.state]);
}

/** One metric in one line: sign, title, evidence so far, counts, what becomes of it, its history. */
export function metricLine(
  metric: LookMetric,
  look: Look,
  history: readonly number[],
  columns: CanaryColumns,
  { theme }: Pick<Canvas, 'theme'>,
): string {
  const { symbols, quiet } = theme;
  const paint = bandPaint(metric, theme);
  const cells: readonly (readonly [width: number, text: string, paint: Paint])[] = [
    [columns.title, titleOf(metric, columns.title, symbols.ellipsis), (text) => text],
    [columns.bar, bar(metric.done, columns.bar, symbols), paint],
    [columns.counts, padStart(countWords(metric), columns.counts), (text) => text],
    [columns.unit, metric.unit, quiet],
    [columns.rate, rateWords(metric), quiet],
    [columns.outlook, truncate(outlook(metric, look), columns.outlook, symbols.ellipsis), paint],
    [columns.spark, sparkline(history, columns.spark, symbols), quiet],
  ];
  return cells
    .filter(([width]) => width > 0)
    .map(([width, text, painted], index, all) => {
      const padded = padEnd(text, width);
      // Nothing is painted past the last word: some terminals would show it.
      return text === '' ? padded : painted(index === all.length - 1 ? text : padded);
    })
    .join(' '.repeat(columnGap))
    .trimEnd();
}

function titleOf({ title }: LookMetric, width: number, ellipsis: string): string {
  return truncate(oneLine(title), width, ellipsis);
}
