import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { readChecklist } from '../../../src/checks/checklist.ts';
import { sloSchema } from '../../../src/judge/slo.ts';
import { type BandCell, bandTable } from './band-table.ts';
import type { Cell } from './cells.ts';
import { rivalClaims, unitClaims } from './claims.ts';
import { ComposedJudge } from './composed.ts';
import { playRound, situations } from './contest.ts';
import { endure } from './endurance.ts';
import { falseRedLimit, falseReds } from './false-red.ts';
import { labelTable } from './label-table.ts';
import { Random } from './random.ts';
import { figure, percent, showCells, showRound, table } from './show.ts';

const slowestMs = 10;
const mostGrown = 2 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    checklists: { type: 'string' },
    seed: { type: 'string', default: '20260721' },
    /** 1 is the full run; 0.1 a tenth of the canaries, with wider tolerances. */
    scale: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const scale = Number(values.scale);
const runs = (full: number) => Math.max(100, Math.round(full * scale));
const random = new Random(seed);
const slo = await readChecklist(values.checklists ?? 'checklists', 'slo.yaml', sloSchema);
const missed: string[] = [];
const began = performance.now();

const heading = (text: string) =>
  console.log(`\n${text}   [${figure((performance.now() - began) / 1_000, 0)} s]\n`);

function note(cells: readonly Cell[]): void {
  for (const { met, name } of cells) if (!met) missed.push(name);
}

function showDisagreements(cells: readonly BandCell[]): void {
  for (const { name, claimed, exact, disagrees } of cells) {
    if (!disagrees) continue;
    console.log(
      `  The design says ${percent(claimed)} for "${name}"; its own formula gives ${percent(exact)}.`,
    );
  }
}

console.log(`seed ${seed}, load of the machine ${figure(loadavg()[0] ?? 0, 1)}`);

heading(`The band: ${runs(20_000)} canaries a cell, and the exact value`);
const bands = bandTable(runs(20_000), random);
showCells(bands);
showDisagreements(bands);
note(bands);

heading(`The label test: ${runs(20_000)} canaries a cell`);
const labels = labelTable(runs(20_000), random);
showCells(labels);
note(labels);

heading('Requests for sessions, and what is said of other judges');
const claims = [...unitClaims(runs(20_000), random), ...rivalClaims(slo, runs(5_000), random)];
showCells(claims);
note(claims);

heading(`False red of a comparison alone, both the same, alpha 5 %: ${runs(20_000)} canaries each`);
const errors = slo.metrics.find(({ measure }) => measure === 'session-errors');
if (errors === undefined) throw new Error('the bands count no session errors');
const alone = falseReds(errors, runs(20_000), random);
console.log(
  table([
    ['', 'false red', 'at most'],
    ...alone.map(({ name, share, atMost }) => [name, percent(share), percent(atMost)]),
  ]),
);
for (const { name, met } of alone) if (scale >= 1 && !met) missed.push(`alone: ${name}`);

console.log(
  '\n  Below: red acts at once, green counts at the end of the window. `median minute` is when a canary\n' +
    '  was red, or since when it was green. The other judges see only whether requests fail; they are\n' +
    '  never amber. In varying streams errors come with the load: on average about six tenths of the rate.',
);
const composed = new ComposedJudge(slo);
for (const kind of ['steady', 'clustered', 'varying'] as const) {
  for (const canary of [900, 3_000]) {
    heading(`All judges on the same ${kind} streams, ${canary} sessions in the canary`);
    for (const situation of situations(kind, canary)) {
      const many = runs(situation.healthy ? 15_000 : 3_000);
      const round = playRound(slo, composed, situation, many, random);
      showRound(round);
      if (scale >= 1 && (round.falseRedAtMost ?? 0) > falseRedLimit) {
        missed.push(`composed, ${kind}, ${canary}: ${round.name}`);
      }
    }
  }
}

heading('Ten million observations');
const endurance = endure(slo, random);
console.log(
  `  ${endurance.observations} sessions; the last nine million grew the heap by ` +
    `${figure(endurance.grown / 1_024, 0)} KiB (limit ${mostGrown / 1_024}).\n` +
    `  A judgement of ${slo.metrics.length} metrics with shown quantiles: median ` +
    `${figure(endurance.medianMs, 2)} ms (limit ${slowestMs}), slowest of ` +
    `1000 ${figure(endurance.slowestMs, 2)} ms.`,
);
if (!(endurance.grown <= mostGrown)) missed.push('constant memory');
if (!(endurance.medianMs <= slowestMs)) missed.push('judgement under 10 ms');

console.log(`\nload of the machine at the end ${figure(loadavg()[0] ?? 0, 1)}`);
if (missed.length > 0) {
  console.log(`missed: ${missed.join('; ')}`);
  process.exitCode = 1;
} else {
  console.log('everything met');
}
