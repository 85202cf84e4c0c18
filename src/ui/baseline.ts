import type { Baseline } from '../checks/kpi-baseline.ts';
import { type Interval, wilson } from '../judge/wilson.ts';
import { formatShare } from '../judge/words.ts';
import { shortDigest } from '../proof/digest.ts';
import { type TableOptions, table } from './tables.ts';

const utc = (iso: string) => iso.slice(0, 16).replace('T', ' ');

type Sample = Baseline['kpis']['negativeCsat'];

/** Wilson's interval over as many independent samples as these are worth. */
function intervalOf({ hits, n, effect }: Sample): Interval {
  return wilson({ bad: hits / effect, n: n / effect });
}

function row(title: string, sample: Sample): readonly string[] {
  const { low, high } = intervalOf(sample);
  return [
    title,
    formatShare(sample.n === 0 ? 0 : sample.hits / sample.n),
    `${formatShare(low)} to ${formatShare(high)}`,
    `${sample.hits} of ${sample.n}`,
    String(sample.sessions),
  ];
}

/** A digest short, a word as it is. */
const buildName = (build: string) => (/^[0-9a-f]{64}$/.test(build) ? shortDigest(build) : build);

/** A stored baseline for people. */
export function baselineLines(baseline: Baseline, options: TableOptions = {}): readonly string[] {
  const { from, to, measuredAt, kpis, builds } = baseline;
  return [
    `Production from ${utc(from)} to ${utc(to)} UTC, measured ${utc(measuredAt)}`,
    '',
    ...table(
      [
        { header: 'KPI' },
        { header: 'Share', align: 'right' },
        { header: '95 % interval' },
        { header: 'Counted' },
        { header: 'Sessions', align: 'right' },
      ],
      [
        row('Capsule conversion', kpis.capsuleConversion),
        row('Negative CSAT answers', kpis.negativeCsat),
      ],
      options,
    ),
    '',
    `Builds: ${builds.map(({ build, events }) => `${buildName(build)} (${events} events)`).join(', ')}`,
  ];
}
