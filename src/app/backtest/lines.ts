import { formatDuration } from '../../base/duration.ts';
import type { Replayed, Simulated } from '../../judge/backtest/backtest.ts';
import type { Ending } from '../../judge/backtest/replay.ts';
import { type Rate, type Standing, type Worth, worthOf } from '../../judge/backtest/tally.ts';
import { formatShare } from '../../judge/words.ts';
import { table } from '../../ui/tables.ts';
import type { Found, Simulation } from './document.ts';

const duration = (ms: number | null) => (ms === null ? '-' : formatDuration(ms));

/** What each policy says, the plan's own first: `80 % -> 95 %`. */
const beside = (cells: readonly string[]) => cells.join(' -> ');

function rateWords({ n, of, low, high }: Rate): string {
  if (of === 0) return '-';
  return `${n} of ${of} (${formatShare(low)} to ${formatShare(high)})`;
}

const worths: Readonly<Record<Worth, string>> = {
  right: 'right',
  'false-alarm': 'FALSE ALARM',
  missed: 'MISSED',
  held: 'held',
  open: 'open',
};

const endWords = ({ end, decidedMs }: Ending) =>
  decidedMs === null ? end : `${end} ${duration(decidedMs)}`;

function recordedRow({ recording, endings }: Replayed): readonly string[] {
  return [
    recording.id,
    recording.outcome,
    beside(endings.map(endWords)),
    beside(endings.map(({ end }) => worths[worthOf(recording.truth, end)])),
  ];
}

/** Why something is open, once for each: a person can then record more, or choose other bands. */
function openLines({ replayed, policies }: Found): readonly string[] {
  return replayed.flatMap(({ recording, endings }) =>
    endings.flatMap(({ end, why }, at) =>
      end === 'not-judged'
        ? [`${recording.id}, ${policies[at]?.file}: not judged: ${why.join('; ')}`]
        : [],
    ),
  );
}

const cutOffWords = [
  'cut-off: the recording ends before these bands have an answer. The gate of that day stopped the',
  'canary, or let it go on; what customers would have met afterwards was never measured.',
];

function standingLines(standings: readonly Standing[]): readonly string[] {
  const row = (name: string, cell: (standing: Standing) => string) => [
    name,
    ...standings.map(cell),
  ];
  return table(
    [{ header: '' }, { header: 'now' }, { header: 'with' }].slice(0, standings.length + 1),
    [
      row('false alarms', ({ falseAlarms }) => rateWords(falseAlarms)),
      row('missed', ({ missed }) => rateWords(missed)),
      row('held', ({ held }) => rateWords(held)),
      row('cut off', ({ cutOff }) => String(cutOff)),
      row('not judged', ({ notJudged }) => String(notJudged)),
      row('median time', ({ medianMs }) => duration(medianMs)),
    ],
  );
}

function recordedLines(found: Found, width: Width): readonly string[] {
  const { replayed, standings } = found;
  if (replayed.length === 0) return ['recorded: no release and no stream holds a canary'];
  const columns = [
    { header: 'recorded', flexible: 'truncate' },
    { header: 'it was', flexible: 'wrap' },
    { header: 'ends' },
    { header: 'that is' },
  ] as const;
  const cut = replayed.some(({ endings }) => endings.some(({ end }) => end === 'cut-off'));
  return [
    ...table(columns, replayed.map(recordedRow), width),
    '',
    ...standingLines(standings),
    ...(cut ? ['', ...cutOffWords] : []),
    ...openLines(found),
  ];
}

type Width = { readonly width?: number };

function simulatedRows(
  { situation, standings }: Simulated,
  policies: Found['policies'],
): readonly (readonly string[])[] {
  const good = situation.truth === 'good';
  return standings.map((standing, at) => {
    const { green, amber, red, falseAlarms, missed, medianMs } = standing;
    const all = green + amber + red;
    const percent = (n: number) => (all === 0 ? '-' : `${Math.round((n / all) * 100)} %`);
    const wrong = good ? falseAlarms : missed;
    return [
      at === 0 ? situation.name : '',
      at === 0 ? (good ? 'green' : 'red') : '',
      policies[at]?.id ?? '',
      percent(green),
      percent(amber),
      percent(red),
      all === 0 ? '-' : `${percent(wrong.n)} (to ${formatShare(wrong.high)})`,
      duration(medianMs),
    ];
  });
}

function simulatedLines(
  { runs, seed, plan, habits, situations }: Simulation,
  policies: Found['policies'],
  width: Width,
): readonly string[] {
  const { windowMs, share } = plan.rules;
  const customers = share === null ? 'all customers' : `${formatShare(share)} of customers`;
  const columns = [
    { header: 'candidate', flexible: 'wrap' },
    { header: 'ought' },
    { header: '' },
    { header: 'green', align: 'right' },
    { header: 'amber', align: 'right' },
    { header: 'red', align: 'right' },
    { header: 'wrong' },
    { header: 'decided' },
  ] as const;
  return [
    `simulated: ${runs} canaries each, ${formatDuration(windowMs)} at ${customers},`,
    `${plan.sessions} sessions of the candidate, traffic as ${habits}, seed ${seed}`,
    '',
    ...table(
      columns,
      situations.flatMap((one) => simulatedRows(one, policies)),
      width,
    ),
    '',
    'wrong: a good one red, or a bad one green; in brackets the upper end of the 95 % interval.',
    'decided: median time until red, or until the evidence for green sufficed.',
  ];
}

/** What a backtest found, for people. */
export function backtestLines(found: Found, width: Width): readonly string[] {
  const { policies, simulation, exported } = found;
  return [
    ...policies.map(({ id, file }) => `${id === 'now' ? 'now: ' : 'with:'} ${file}`),
    '',
    ...recordedLines(found, width),
    ...(simulation === null ? [] : ['', ...simulatedLines(simulation, policies, width)]),
    ...exported.map((path) => `written: ${path}`),
  ];
}
