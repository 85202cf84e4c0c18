// `npm run bench:engine`: cold start, and what the engine adds to each step. Ratios only count: both
// sides run in turns on the same machine. Exits 1 when a target is missed. Not for CI.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildAll } from '../../../bin/build.mjs';
import { coldStart } from './cold-start.mjs';
import { table } from './measure.mjs';
import { perStep } from './per-step.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
const { values } = parseArgs({
  options: { starts: { type: 'string', default: '25' }, steps: { type: 'string', default: '11' } },
});

const figure = (number, digits) => number.toFixed(digits);
const verdict = (met) => (met === null ? '' : met ? 'met' : 'MISSED');

/** A program of this bench with what the tests have for it, as one file. */
async function bundle(directory, name) {
  const outfile = join(directory, `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, `test/bench/engine/${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

function showStarts(rows) {
  console.log('\ncold start (median, ratio to `node -e 0`)\n');
  const body = rows.map(({ name, ms, ratio, limit, met }) => [
    name,
    `${figure(ms, 0)} ms`,
    figure(ratio, 2),
    limit === null ? '' : `<= ${limit}`,
    limit === null ? '' : verdict(met),
  ]);
  console.log(table([['', 'time', 'ratio', 'target', ''], ...body]));
}

const legend = [
  'nine / 9: the whole command with nine steps, its start included, for each of them; and how many',
  '  times that of `aurora release`, which reads and verifies configuration, plan and build.',
  "a step: by a longer run beside it, the start taken out; and how many times a step of aurora's engine,",
  '  which the target is on, and of `aurora release` with a check that asks a server on loopback.',
  'aurora: begin, result and verdict of each step in the journal, each synced, under two leases.',
  'Without a target: steps that reach no host and are recorded nowhere.',
];

function showSteps({ rows, missing }) {
  console.log('\nsteps that do nothing (fastest of the rounds)\n');
  const body = rows.map(({ name, shared, sharedTimes, start, step, times, commandTimes, met }) => [
    name,
    `${figure(shared, 1)} ms`,
    `${figure(sharedTimes, 1)} x`,
    `${figure(start, 0)} ms`,
    `${figure(step, 2)} ms`,
    `${figure(times, 1)} x`,
    `${figure(commandTimes, 1)} x`,
    met === null ? '' : '>= 10 x',
    verdict(met),
  ]);
  const head = ['', 'nine / 9', '', 'start', 'a step', 'engine', 'release', 'target', ''];
  console.log(table([head, ...body]));
  console.log();
  for (const line of legend) console.log(`  ${line}`);
  for (const what of missing) console.log(`  not compared: ${what}`);
}

const parent = join(root, 'node_modules/.cache');
await mkdir(parent, { recursive: true });
const directory = await mkdtemp(join(parent, 'aurora-bench-'));
try {
  await buildAll(join(directory, 'dist'));
  const about = {
    root,
    directory,
    built: join(directory, 'dist/bin/aurora.js'),
    steps: await bundle(directory, 'steps'),
    company: await bundle(directory, 'company'),
  };
  const load = () => figure(loadavg()[0], 1);
  console.log(`load of the machine at the beginning: ${load()}`);
  const starts = await coldStart({ ...about, rounds: Number(values.starts) });
  showStarts(starts);
  const steps = await perStep({ ...about, rounds: Number(values.steps) });
  showSteps(steps);
  console.log(`\nload of the machine at the end: ${load()}`);
  const missed = [...starts, ...steps.rows].filter(({ met }) => met === false);
  if (missed.length > 0) {
    console.log(`missed: ${missed.map(({ name }) => name).join('; ')}`);
    process.exitCode = 1;
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
