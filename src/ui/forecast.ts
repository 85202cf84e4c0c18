import { formatDuration } from '../base/duration.ts';
import type { MetricForecast, Remedy } from '../judge/feasibility.ts';
import { formatShare } from '../judge/words.ts';
import { type Cell, type Column, table } from './tables.ts';
import type { Theme } from './theme.ts';

/** What a forecast is drawn with. */
export interface ForecastOptions {
  readonly theme: Theme;
  /** Columns of the screen; undefined in a pipe, where nothing is cut. */
  readonly width?: number | undefined;
}

const columns: readonly Column[] = [
  { header: '' },
  { header: 'metric', flexible: 'wrap' },
  { header: 'role' },
  { header: 'samples', align: 'right' },
  { header: 'needed', align: 'right' },
  { header: 'can be proven', flexible: 'wrap' },
  { header: 'is noticed from', flexible: 'wrap' },
  { header: 'would do', flexible: 'wrap' },
];

/** Narrower screens leave the role out: the signs tell gates from guards too. */
const roleFrom = 100;

/** A canary's forecast as a table, and what follows from it. */
export function forecastLines(
  forecasts: readonly MetricForecast[],
  { theme, width }: ForecastOptions,
): readonly string[] {
  const narrow = width !== undefined && width < roleFrom;
  const shown = <T>(cells: readonly T[]) =>
    cells.filter((_, index) => !narrow || columns[index]?.header !== 'role');
  const rows = forecasts.map((forecast) => shown(row(forecast, theme)));
  const { ellipsis } = theme.symbols;
  return [
    ...table(shown(columns), rows, { width, header: theme.quiet, ellipsis }),
    '',
    conclusion(forecasts, theme),
  ];
}

/** From here on a proof is likely enough to wait for. */
const likely = 0.8;

const isLikely = ({ provable, chanceOfGreen }: MetricForecast) =>
  provable && (chanceOfGreen === null || chanceOfGreen >= likely);

function row(forecast: MetricForecast, theme: Theme): readonly Cell[] {
  const { metric, problem, expected, cleanNeeded } = forecast;
  const fine = isLikely(forecast);
  const { pass, waiting, hold } = theme.symbols;
  const sign = fine ? pass : metric.role === 'guard' ? waiting : hold;
  const paint = fine ? theme.go : metric.role === 'guard' ? theme.quiet : theme.hold;
  return [
    { text: sign, paint },
    metric.title,
    metric.role,
    problem === null ? String(expected) : '?',
    problem === null ? String(cleanNeeded ?? 'never') : '?',
    { text: proofWords(forecast), paint },
    problem === null ? damageWords(forecast) : '',
    problem === null && !fine ? remedyWords(forecast) : '',
  ];
}

function proofWords({ problem, provable, chanceOfGreen }: MetricForecast): string {
  if (problem !== null) return `unknown: ${problem}`;
  if (!provable) return 'no';
  return chanceOfGreen === null ? 'yes' : `yes, ${Math.round(chanceOfGreen * 100)} % likely`;
}

function damageWords({ seenShare, seenFactor }: MetricForecast): string {
  const ways = [
    ...(seenShare === null ? [] : [formatShare(seenShare)]),
    ...(seenFactor === null ? [] : [`${Number(seenFactor.toPrecision(2))} times control`]),
  ];
  return ways.length === 0 ? 'a catastrophe' : ways.join(' or ');
}

function remedyWords({ needs, rate }: MetricForecast): string {
  if (needs === null) return rate === null ? '' : `nothing: ${formatShare(rate)} are bad now`;
  const ways = waysOf(needs);
  return ways.length === 0 ? `${needs.samples} samples` : ways.join(' or ');
}

function waysOf({ share, windowMs }: Remedy): readonly string[] {
  return [
    ...(share === null ? [] : [formatShare(Math.min(1, share))]),
    ...(windowMs === null ? [] : [formatDuration(windowMs)]),
  ];
}

/** Only gates hold a release: what becomes of guards is told in their rows. */
function conclusion(forecasts: readonly MetricForecast[], theme: Theme): string {
  const gates = forecasts.filter(({ metric }) => metric.role === 'gate');
  const open = gates.filter((gate) => !isLikely(gate));
  if (open.length === 0)
    return theme.go('every gate can be proven: such a canary can go on by itself');
  const ids = open.map(({ metric }) => metric.id).join(', ');
  return theme.hold(`such a canary will probably hold, for want of proof: ${ids}`);
}
