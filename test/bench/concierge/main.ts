import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import type { AnalyticsEvent } from '../../../src/concierge/analytics/events.ts';
import { figure, table } from '../judge/show.ts';
import { runMemory } from './memory.ts';
import { record } from './record.ts';
import { runSessions } from './sessions.ts';
import { contest } from './throughput.ts';
import { database, eventsDatabase, Processes, variablesFor } from './world.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '' },
    directory: { type: 'string', default: '' },
    seconds: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: 'sessions,throughput,memory' },
  },
});
const seed = Number(values.seed);
const only = new Set(values.only.split(','));
const lowestRatio = 0.7;
const roundSeconds = 2;
/** A leak of one small object a request would be more. */
const mostHeapSlope = 16;
const mostResidentSlope = 64;

const missed: string[] = [];
const heading = (text: string) => console.log(`\n${text}\n`);
const verdict = (met: boolean, what: string): string => {
  if (!met) missed.push(what);
  return met ? 'met' : 'MISSED';
};
const load = () => figure(loadavg()[0] ?? 0, 1);
const mega = (bytes: number) => `${figure(bytes / 1_048_576, 1)} MB`;

const processes = new Processes({ root: values.root, directory: values.directory });

async function main(): Promise<void> {
  console.log(`seed ${seed}; load of the machine at the beginning ${load()}`);
  const data = join(values.root, 'fixtures/data');
  const storage = await processes.part('storage', { data, database, eventsDatabase });
  const { mongodb = '', redis = '' } = storage;
  const concierge = await processes.concierge(variablesFor(mongodb, redis));
  if (only.has('sessions')) await sessions(concierge);
  if (only.has('throughput')) await throughput(concierge, mongodb, redis);
  if (only.has('memory')) await memory(concierge);
  console.log(`\nload of the machine at the end ${load()}`);
  if (missed.length === 0) console.log('everything met');
  else console.log(`missed: ${missed.join('; ')}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

async function sessions(slot: string): Promise<void> {
  const [adminToken, purgeToken] = ['admin-of-the-bench', 'purge-of-the-bench'];
  const { edge = '', admin = '' } = await processes.part('edge', {
    environment: 'production',
    port: 0,
    adminPort: 0,
    adminToken,
    purgeToken,
    unleash: { url: 'http://127.0.0.1:1/api', clientToken: 'none', environment: 'production' },
    trustedProxies: ['127.0.0.1'],
    trafficFile: join(values.directory, 'traffic.json'),
  });
  const stable = { slot: 'blue', url: slot };
  const switched = await fetch(`${admin}/traffic`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({ stable, candidate: null }),
  });
  if (!switched.ok) throw new Error(`the edge refused its traffic: ${await switched.text()}`);
  heading(
    '750 sessions at once through the edge, each asking about every 3.5 s: three times the peak of the sheet',
  );
  const run = await runSessions(edge, Number(values.seconds), seed);
  const rows = run.rows.map(({ path, count, p50, p95, p99, green, met }) => [
    path,
    String(count),
    ...[p50, p95, p99].map((ms) => `${figure(ms, 1)} ms`),
    green === null ? '' : `<= ${green} ms`,
    green === null ? '' : verdict(met, `p95 of ${path}`),
  ]);
  console.log(table([['', 'requests', 'p50', 'p95', 'p99', 'green', ''], ...rows]));
  const none = verdict(run.failures === 0, 'no failure under 750 sessions');
  console.log(`\n  ${figure(run.perSecond, 0)} requests/s; ${run.failures} failed (${none})`);
}

async function throughput(concierge: string, mongodb: string, redis: string): Promise<void> {
  const client = await new MongoClient(mongodb, { retryWrites: false }).connect();
  const events = client.db(eventsDatabase).collection<AnalyticsEvent>('events');
  const recorded = await record(concierge, async (sessionId) => {
    for (const until = Date.now() + 5_000; Date.now() < until; ) {
      const found = await events.findOne({ sessionId }, { projection: { _id: 0 } });
      if (found !== null) return found;
    }
    throw new Error('an answer left no event');
  });
  await client.close();
  const options = { mongodb, redis, eventsDatabase, recorded };
  const { bare = '' } = await processes.part('bare', options, ['--expose-gc']);
  heading('Throughput beside a bare Fastify route: same validation, driver calls and bytes');
  const rows = await contest({ concierge, bare }, Number(values.rounds), roundSeconds, seed);
  const shown = rows.map((row) => [
    row.route,
    `${figure(row.concierge, 0)}/s`,
    `${figure(row.bare, 0)}/s`,
    `${figure(row.ratio * 100, 0)} %`,
    `${figure(row.lowest * 100, 0)}-${figure(row.highest * 100, 0)} %`,
    `${figure(row.conciergeCpuMs, 3)} ms`,
    `${figure(row.cpuRatio * 100, 0)} %`,
    String(row.failures),
    verdict(row.ratio >= lowestRatio && row.failures === 0, `throughput of ${row.route}`),
  ]);
  const head = ['', 'concierge', 'bare', 'ratio', 'rounds', 'CPU', 'by CPU', 'failed', '>= 70 %'];
  console.log(table([head, ...shown]));
}

async function memory(concierge: string): Promise<void> {
  const total = Number(values.requests);
  heading(`Memory over ${total} requests, garbage collected`);
  const run = await runMemory(concierge, { total, step: total / 8, seed });
  const rows = run.points.map(({ requests, heapBytes, residentBytes }) => [
    String(requests),
    mega(heapBytes),
    mega(residentBytes),
  ]);
  console.log(table([['after', 'heap', 'resident'], ...rows]));
  const heap = verdict(run.heapSlope <= mostHeapSlope, 'flat heap');
  const resident = verdict(run.residentSlope <= mostResidentSlope, 'flat resident memory');
  const none = verdict(run.failures === 0, 'no failure over all requests');
  console.log(
    `\n  heap ${figure(run.heapSlope, 1)} bytes a request (limit ${mostHeapSlope}, ${heap}); resident ` +
      `${figure(run.residentSlope, 1)} (limit ${mostResidentSlope}, ${resident}); ${run.failures} failed (${none})`,
  );
}

try {
  await main();
} finally {
  await processes.end();
}
