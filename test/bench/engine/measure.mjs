// Times processes side by side: one run of each per round, so that a busy machine is busy for all.
import { spawnSync } from 'node:child_process';

/** Longer than anything here takes, even on a machine that is busy with other things. */
const patienceMs = 120_000;

/** Runs a program to its end, after what comes before; milliseconds. Throws what it said when it failed. */
function timeOnce({ file, args, cwd, env, before }) {
  before?.();
  const began = performance.now();
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceMs,
    // Asked to end, ansible ends everything in its process group, and this bench is in it.
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${file} ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return performance.now() - began;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function fastest(values) {
  return Math.min(...values);
}

/** Milliseconds of each program (by name), one figure of all rounds; one round before is not counted. */
export function alternate(programs, rounds, figure) {
  const names = Object.keys(programs);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const ms = timeOnce(programs[name]);
      if (round >= 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(names.map((name) => [name, figure(times[name])]));
}

/** Rows as a table of plain columns, the first one left, the others right. */
export function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const line = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  return rows.map((row) => `  ${line(row).join('   ')}`.trimEnd()).join('\n');
}
