// Aurora as it is compared: the built command line over a company on loopback, and its engine alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** So many steps more in the longer run: a step costs little beside the start. */
const more = 90;

/** The company's servers in a process of their own, with a project for each number of steps. */
async function startCompany({ directory, company }, counts) {
  const place = join(directory, 'company');
  await mkdir(place);
  const words = [company, place, ...counts.map(String)];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const line = once(createInterface(child.stdout), 'line');
  const told = await Promise.race([line, closed]);
  if (typeof told[0] !== 'string') throw new Error('the company did not open');
  const close = async () => {
    child.stdin.end();
    await closed;
  };
  return { ...JSON.parse(told[0]), close };
}

/** Every release begins with an empty store, as the others keep none. */
const forget = (cwd) => rmSync(join(cwd, 'state/releases'), { recursive: true, force: true });

/**
 * The two kinds, the one that is held to the target first: the engine with a gate that costs nothing,
 * then the whole command line with a gate that asks a server. `close` ends the company.
 */
export async function ownKinds(about, few) {
  const company = await startCompany(about, [few, few + more]);
  const env = { ...company.env, XDG_CACHE_HOME: join(about.directory, 'cache') };
  const release = async (_directory, count) => {
    const cwd = company.projects[count];
    const args = [about.built, 'release', '1.4.0'];
    return { file: process.execPath, args, cwd, env, before: () => forget(cwd) };
  };
  const engine = async (_directory, count) => ({
    file: process.execPath,
    args: [about.steps, String(count)],
  });
  const kinds = [
    { name: "aurora's engine, a check in memory", more, make: engine },
    { name: 'aurora release, a check over HTTP', more, make: release },
  ];
  return { kinds, close: company.close };
}
