// `npm run soak`: many healthy canaries, live, one after the other, each judged by the gate itself. None
// may be rolled back and at most two may hold; exits 1 otherwise. Brings up a company of its own and
// takes it down again. About half a minute for each canary.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fixtureOf, quietDay, rushHour } from './rehearsal/company.mjs';
import { createSay, play, UsageError } from './rehearsal/play.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
const help = `npm run soak [-- options]

  --count <n>     how many canaries (20)
  --record <dir>  also write what each saw as a stream file, for aurora canary backtest --streams
  --build <name>  a healthy build (1.4.0)
  --keep          leave the stack running afterwards
`;

const timeScale = 60;
async function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        count: { type: 'string', default: '20' },
        record: { type: 'string' },
        build: { type: 'string', default: '1.4.0' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const count = Number(values.count);
    if (!Number.isInteger(count) || count < 1) throw new Error('--count wants a whole number');
    await fixtureOf(root, values.build);
    return { ...values, count };
  } catch (error) {
    throw new UsageError(`${error.message}\n  -> npm run soak -- --help`);
  }
}

const say = createSay();

/** A company with the candidate at 5 %, and the number of the first canary's step. */
async function prepare(company, { build, count }) {
  const { writeSoakConfig, writeSoakPlan } = await import('./soak/plan.mjs');
  const candidate = await fixtureOf(root, build);
  const version = candidate.slice(candidate.lastIndexOf('/') + 1);
  say('local stack up, builds packed, stable build 1.3.0 into staging and production');
  await company.clean();
  await Promise.all([company.up(), company.packFixtures(['1.3.0', build])]);
  const plan = join(company.directory, 'checklists');
  const first = await writeSoakPlan(root, plan, count);
  company.config = await writeSoakConfig(company.config, plan);
  await company.settle('1.3.0');
  await company.shoppers(quietDay);
  say(`release ${version} up to step ${first - 1}: 5 % of production`);
  const words = ['--until', String(first - 1)];
  const { code, id, stdout, stderr } = await company.release(version, { timeScale, words });
  if (code !== 0)
    throw new Error(`the release ended before its canary: exit ${code}\n${stderr}${stdout}`);
  await company.shoppers(rushHour);
  return { id, first };
}

/** Watches one canary: the gate of the step that is due. */
async function watchOnce(company, release, step) {
  const { resultOf } = await import('./soak/results.mjs');
  const from = (await company.journal(release)).at(-1)?.seq ?? 0;
  const started = Date.now();
  const words = ['gate', String(step), '--release', release, '--time-scale', String(timeScale)];
  const { code } = await company.start([...words, '--actor', 'Alex W.']).ended;
  const entries = await company.journal(release);
  return resultOf({ entries, step, from, exit: code, tookMs: Date.now() - started });
}

/** All canaries, in their order. One that held is followed by another watch of the same step. */
async function watchAll(company, { id, first }, count) {
  const { resultLine } = await import('./soak/results.mjs');
  const results = [];
  let step = first;
  say(`${count} canaries, ${timeScale} times faster than planned`);
  while (results.length < count) {
    const result = await watchOnce(company, id, step);
    if (company.stopping) break;
    results.push(result);
    say(resultLine(results.length, result));
    if (result.verdict === 'go') step += 1;
    else if (result.verdict !== 'hold') break;
  }
  return results;
}

async function soak(company, options) {
  const { broken } = await import('./soak/results.mjs');
  const release = await prepare(company, options);
  const results = await watchAll(company, release, options.count);
  if (company.stopping) return 130;
  if (options.record !== undefined) {
    const { recordStreams } = await import('./soak/record.mjs');
    const of = `build ${options.build} on the local stack`;
    const kept = await recordStreams(company, release.id, resolve(options.record), of);
    say(`recorded: ${kept} streams in ${options.record}`);
  }
  const of = (verdict) => results.filter((result) => result.verdict === verdict).length;
  say(
    `${results.length} canaries: ${of('go')} go, ${of('hold')} held, ${of('rollback')} rolled back`,
  );
  const missed = broken(results, options.count);
  for (const words of missed) say(`MISSED: ${words}`);
  return missed.length === 0 ? 0 : 1;
}

play({
  root,
  directory: '.aurora/soak',
  say,
  help,
  readOptions,
  kept: (company) => `the stack stays up in ${company.directory}`,
  work: soak,
});
