import { randomUUID } from 'node:crypto';
import { idOfSession } from '../../../src/concierge/ids.ts';
import {
  inspirationUpload,
  orderLookup,
  orderUpdates,
  paths,
  productQuestion,
  rememberedPieces,
  returnRequest,
  stylistRequest,
} from '../../../src/stack/shoppers/questions.ts';
import { createRandom, type Random } from '../../../src/stack/shoppers/random.ts';
import type { Planned, Ran } from './load.ts';
import { pace } from './paced.ts';
import { byShare, freshAddress } from './routes.ts';

/** The holiday figure of the capacity sheet. */
const concurrent = 750;
/**
 * Between two questions of a session. The capacity sheet's peak is some 62 lists of products a second,
 * one in twelve seconds for each session, and a few of everything else: this is three times as much.
 */
const pauseMs = 3_500;

/** Milliseconds at the 95th percentile; null where there is no service level. */
const greenBands: Readonly<Record<string, number | null>> = {
  [paths.products]: 300,
  [paths.orderStatus]: 400,
  [paths.returns]: 400,
  [paths.capsule]: 400,
  [paths.stylist]: 500,
  [paths.csat]: null,
  [paths.shortlist]: null,
  [paths.inspiration]: null,
  [paths.orderUpdates]: null,
};

/** One endpoint under the load of all sessions. */
export interface EndpointRow {
  readonly path: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly green: number | null;
  readonly met: boolean;
}

export interface SessionsRun {
  readonly rows: readonly EndpointRow[];
  readonly perSecond: number;
  readonly failures: number;
}

type Errand = (random: Random, sessionId: string) => readonly Omit<Planned, 'sessionId'>[];

const key = () => `idem-${randomUUID()}`;
const csat = (random: Random, intent: string) => ({
  path: paths.csat,
  body: { rating: random.chance(0.1) ? 'needs_follow_up' : 'great', intent },
});

const discovery: Errand = (random, sessionId) => {
  const looks = { path: paths.products, body: productQuestion(random) };
  if (!random.chance(0.3)) return [looks];
  const shortlistId = idOfSession('sl_', sessionId);
  const customerEmail = `guest${random.below(100_000)}@example.com`;
  return [
    looks,
    { path: paths.shortlist, body: { items: rememberedPieces } },
    { path: paths.capsule, body: { shortlistId, customerEmail }, idempotencyKey: key() },
  ];
};

/** What customers come for, in the shares of the stack's shoppers. */
const errands: readonly (readonly [share: number, errand: Errand])[] = [
  [0.58, discovery],
  [
    0.2,
    (random) => [
      { path: paths.orderStatus, body: orderLookup(random) },
      ...(random.chance(0.5) ? [csat(random, 'track_order')] : []),
    ],
  ],
  [0.12, (random) => [csat(random, 'csat')]],
  [0.03, (random) => [{ path: paths.returns, body: returnRequest(random), idempotencyKey: key() }]],
  [0.03, (random) => [{ path: paths.orderUpdates, body: orderUpdates(random) }]],
  [0.02, (random) => [{ path: paths.inspiration, body: inspirationUpload(random) }]],
  [0.01, (random) => [{ path: paths.stylist, body: stylistRequest(random) }]],
  [0.01, () => [{ path: paths.shortlist, body: { items: rememberedPieces } }]],
];

/** What one place among the 750 sends: one customer's session after the other. */
function listOf(random: Random, length: number): Planned[] {
  const list: Planned[] = [];
  while (list.length < length) {
    const sessionId = `sess_${randomUUID()}`;
    const address = freshAddress();
    for (const one of byShare(random, errands)(random, sessionId)) {
      list.push({ ...one, sessionId, address, body: { sessionId, ...one.body } });
    }
  }
  return list;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

/** 750 sessions at once, reading between their questions, for so many seconds. */
export async function runSessions(
  url: string,
  seconds: number,
  seed: number,
): Promise<SessionsRun> {
  const length = Math.ceil((seconds * 1_000) / (pauseMs / 2)) + 1;
  const lists = Array.from({ length: concurrent }, (_, n) => listOf(createRandom(seed, n), length));
  const random = createRandom(seed, concurrent);
  return summed(await pace({ url, lists, seconds, pauseMs, random: () => random.next() }));
}

function summed(run: Ran): SessionsRun {
  const rows = Object.entries(greenBands).map(([path, green]) => {
    const sorted = [...(run.latencies.get(path) ?? [])].sort((a, b) => a - b);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share));
    const row = { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN };
    return { path, count: sorted.length, ...row, green, met: green === null || row.p95 <= green };
  });
  const failures = [...run.refused.values()].reduce((sum, count) => sum + count, run.broken);
  const perSecond = run.answered / run.seconds;
  return { rows, perSecond, failures };
}
