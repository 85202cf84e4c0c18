// What a step costs on top of what it does: a run of nine steps that do nothing beside a longer one.
// Their difference is the steps; what is left of the shorter one is the tool's own start.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, fastest } from './measure.mjs';
import { otherTools } from './others.mjs';
import { ownKinds } from './own-kinds.mjs';
import { startSshServer } from './ssh-server.mjs';

const few = 9;
/** Aurora is to cost at most this share of a tool's step. */
const share = 1 / 10;

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

/** Milliseconds of the command of nine steps, shared out among them, and of a step by itself. */
function costOf({ name, more, like }, times) {
  const short = times[`${name} short`];
  const step = Math.max(0, (times[`${name} long`] - short) / more);
  return { name, like, step, start: short - few * step, shared: short / few };
}

/** Beside aurora's own two, which come first. A tool whose longer run took no longer shows nothing: missed. */
function compared(costs) {
  const [engine, command] = costs;
  return costs.map(({ like, ...cost }) => ({
    ...cost,
    sharedTimes: cost.shared / command.shared,
    times: cost.step / engine.step,
    commandTimes: cost.step / command.step,
    met: like === true ? engine.step <= cost.step * share : null,
  }));
}

/** Rows of name and cost, with how many times aurora's own each is; and what could not be compared. */
export async function perStep({ rounds, ...about }) {
  const own = await ownKinds(about, few);
  const ssh = await startSshServer(about.directory);
  try {
    const { kinds, missing } = otherTools(ssh);
    const all = [...own.kinds, ...kinds];
    // A difference of two runs drowns in what else the machine does: the best of each is least disturbed.
    const times = alternate(await programsOf(about.directory, all), rounds, fastest);
    return { rows: compared(all.map((kind) => costOf(kind, times))), missing };
  } finally {
    await own.close();
    await ssh.close?.();
  }
}
