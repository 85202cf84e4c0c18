// What a step costs on top of what it does: a run of nine steps that do nothing beside a longer one.
// Their difference is the steps; what is left of the shorter one is the tool's own start.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate } from './measure.mjs';
import { otherTools } from './others.mjs';

const few = 9;
/** Aurora is to cost at most this share of a tool's step. */
const share = 1 / 10;

const own = 'aurora, a check';

/** Aurora as one more kind, to be measured as the others are. */
const ownKind = (steps) => ({
  name: own,
  more: 27,
  make: async (_directory, count) => ({ file: process.execPath, args: [steps, String(count)] }),
});

async function programsOf(directory, kinds) {
  const place = join(directory, 'others');
  await mkdir(place);
  const programs = {};
  for (const { name, more, make } of kinds) {
    programs[`${name} short`] = await make(place, few);
    programs[`${name} long`] = await make(place, few + more);
  }
  return programs;
}

/**
 * Rows of name, milliseconds per step and of the start, and how many times aurora's own step. A tool
 * whose longer run did not take longer cost nothing that could be measured: its target is missed.
 */
export async function perStep({ directory, steps, rounds }) {
  const { kinds, missing } = otherTools();
  const all = [ownKind(steps), ...kinds];
  const medians = alternate(await programsOf(directory, all), rounds);
  const costs = all.map(({ name, more, like }) => {
    const short = medians[`${name} short`];
    const step = Math.max(0, (medians[`${name} long`] - short) / more);
    return { name, like, step, start: short - few * step };
  });
  const aurora = costs[0].step;
  const rows = costs.map(({ like, ...cost }) => ({
    ...cost,
    times: cost.step / aurora,
    met: like === true ? aurora <= cost.step * share : null,
  }));
  return { rows, missing };
}
