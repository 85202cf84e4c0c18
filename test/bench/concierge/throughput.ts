import { createRandom } from '../../../src/stack/shoppers/random.ts';
import { type Planned, send } from './load.ts';
import { ask, type RouteName, routes } from './routes.ts';
import { usageOf } from './usage.ts';

const connections = 16;
const listLength = 400;

/** Two servers that answer the same. */
export interface Contest {
  readonly concierge: string;
  readonly bare: string;
}

interface Round {
  readonly perSecond: number;
  /** Processor time of the server for a request, in milliseconds. */
  readonly cpuMs: number;
  readonly failures: number;
}

/** One route: medians of all rounds. A ratio is the concierge's throughput by the bare route's. */
export interface RouteRow {
  readonly route: RouteName;
  readonly concierge: number;
  readonly bare: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** The bare route's processor time for a request by the concierge's: no other load disturbs it. */
  readonly cpuRatio: number;
  readonly conciergeCpuMs: number;
  readonly failures: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

type Lists = readonly (readonly Planned[])[];

async function round(url: string, lists: Lists, seconds: number): Promise<Round> {
  const before = await usageOf(url);
  const ran = await send({ url, lists, seconds });
  const after = await usageOf(url);
  const refused = [...ran.refused.values()].reduce((sum, count) => sum + count, 0);
  return {
    perSecond: ran.answered / ran.seconds,
    cpuMs: (after.cpuMs - before.cpuMs) / ran.answered,
    failures: refused + ran.broken,
  };
}

function listsFor(route: RouteName, path: string, seed: number): Lists {
  return Array.from({ length: connections }, (_, n) => {
    const random = createRandom(seed, n);
    return Array.from({ length: listLength }, () => {
      const body = ask(route, random);
      return { path, body, sessionId: String(body.sessionId) };
    });
  });
}

/** Both servers in turns, on each route. The first round of each warms up and does not count. */
export async function contest(
  { concierge, bare }: Contest,
  rounds: number,
  seconds: number,
  seed: number,
): Promise<RouteRow[]> {
  const rows: RouteRow[] = [];
  for (const route of Object.keys(routes) as RouteName[]) {
    const own = { url: concierge, lists: listsFor(route, routes[route], seed) };
    const other = { url: bare, lists: listsFor(route, `/bare/${route}`, seed) };
    const ours: Round[] = [];
    const theirs: Round[] = [];
    for (let n = 0; n <= rounds; n += 1) {
      const turns = [
        async () => ours.push(await round(own.url, own.lists, seconds)),
        async () => theirs.push(await round(other.url, other.lists, seconds)),
      ];
      for (const turn of n % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    rows.push(rowOf(route, ours.slice(1), theirs.slice(1)));
  }
  return rows;
}

function rowOf(route: RouteName, ours: readonly Round[], theirs: readonly Round[]): RouteRow {
  const ratios = ours.map(({ perSecond }, n) => perSecond / (theirs[n]?.perSecond ?? Number.NaN));
  const cpu = ours.map(({ cpuMs }, n) => (theirs[n]?.cpuMs ?? Number.NaN) / cpuMs);
  return {
    route,
    concierge: median(ours.map(({ perSecond }) => perSecond)),
    bare: median(theirs.map(({ perSecond }) => perSecond)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    cpuRatio: median(cpu),
    conciergeCpuMs: median(ours.map(({ cpuMs }) => cpuMs)),
    failures: [...ours, ...theirs].reduce((sum, { failures }) => sum + failures, 0),
  };
}
