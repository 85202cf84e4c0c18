// How long a person waits before anything happens, as a ratio to a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, median } from './measure.mjs';

const limits = {
  'aurora --version': 1.5,
  'aurora status': 2.5,
  'aurora rollback --dry-run --only flags': 3,
};

const credentials = {
  AURORA_UNLEASH_ADMIN_TOKEN: 'admin-token-of-a-bench',
  AURORA_UNLEASH_STAGING_TOKEN: 'staging-token-of-a-bench',
  AURORA_UNLEASH_PRODUCTION_TOKEN: 'production-token-of-a-bench',
};

/** A project as `aurora init` makes it, with one release of nine steps behind it. */
async function makeProject(root, directory, built, steps) {
  const cwd = join(directory, 'project');
  await mkdir(cwd);
  const env = { XDG_CACHE_HOME: join(directory, 'cache'), ...credentials };
  const run = (...words) => {
    const ran = spawnSync(process.execPath, words, { cwd, env: { ...process.env, ...env } });
    if (ran.status !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  };
  run(built, 'init');
  await cp(join(root, 'fixtures/env'), join(cwd, 'env'), { recursive: true });
  run(steps, '9', join(cwd, '.aurora'));
  return { cwd, env };
}

/** Rows of name, milliseconds, ratio and limit; the first is Node itself. */
export async function coldStart({ root, directory, built, steps, rounds }) {
  const project = await makeProject(root, directory, built, steps);
  const call = (...args) => ({ file: process.execPath, args, ...project });
  const programs = {
    'node -e 0': call('-e', '0'),
    ...Object.fromEntries(
      Object.keys(limits).map((name) => [name, call(built, ...name.split(' ').slice(1))]),
    ),
  };
  const medians = alternate(programs, rounds, median);
  return Object.entries(medians).map(([name, ms]) => {
    const ratio = ms / medians['node -e 0'];
    const limit = limits[name] ?? null;
    return { name, ms, ratio, limit, met: limit === null || ratio <= limit };
  });
}
