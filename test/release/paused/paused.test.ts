import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { packageRoot } from '../../../src/base/package-root.ts';
import { lookAtProcess } from '../../../src/base/process.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import { foldJournal } from '../../../src/release/state.ts';
import { optionalPackages, Racer } from '../race/racers.ts';
import { World } from '../world.ts';
import { Company } from './company.ts';
import type { Order } from './program.ts';

/** Short, so that a stopped holder is soon taken for dead. */
const ttlMs = 1_500;
const patience = { timeout: 30_000, interval: 10 };

let directory: string;
let program: string;
let world: World;
let company: Company;
let address: string;
const processes: Racer[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-paused-'));
  program = join(directory, 'program.mjs');
  await build({
    entryPoints: [join(packageRoot(), 'test', 'release', 'paused', 'program.ts')],
    outfile: program,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    external: optionalPackages,
    banner: {
      js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
    },
  });
});
afterEach(async () => {
  for (const one of processes.splice(0)) one.signal('SIGKILL');
  await company.close();
  await world.close();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function opened(): Promise<void> {
  world = await new World().open();
  company = new Company(world);
  address = await company.open();
}

function start(verb: Order['verb'], name: string, change: Partial<Order> = {}): Racer {
  const order: Order = {
    ...{ verb, name, release: '', ttlMs, watch: '1 s', stopsBetween: false },
    ...{ state: world.directory, company: address, origin: world.origin },
    ...{ checklists: shippedChecklists(), ...change },
  };
  const racer = new Racer(program, [JSON.stringify(order)]);
  processes.push(racer);
  return racer;
}

async function isStopped(racer: Racer): Promise<void> {
  await vi.waitUntil(() => lookAtProcess(racer.pid)?.state === 'T', patience);
}

/** The next entry of this kind that the process says it wrote. */
async function entry(racer: Racer, type: string): Promise<void> {
  for (;;) if (((await racer.word()) as { type?: string }).type === type) return;
}

const journal = (release: string) =>
  readFile(join(world.directory, 'releases', release, 'journal.jsonl'), 'utf8');

/** Whether the newest entry of the one release says that such an effect has begun. */
function isInEffect(kind: string): boolean {
  const releases = join(world.directory, 'releases');
  const [release = ''] = readdirSync(releases);
  const text = readFileSync(join(releases, release, 'journal.jsonl'), 'utf8');
  const { type, data } = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  return type === 'effect.started' && data.key.includes(kind);
}

/** Holds the answer to the first such look of the old process back; tells how to give it. */
function holdLook(isIt: (path: string) => boolean): Promise<() => void> {
  return new Promise((resolve) => {
    company.onLook = (sender, path) => {
      if (sender !== 'old' || !isIt(path)) return undefined;
      company.onLook = () => undefined;
      return new Promise<void>((answer) => resolve(answer));
    };
  });
}

/** Stops a process that waits for this answer, and then gives it. */
async function stoppedAt(old: Racer, answer: () => void): Promise<Racer> {
  old.signal('SIGSTOP');
  await isStopped(old);
  answer();
  return old;
}

/** Stops a release where each of these says. */
const moments = {
  'between two steps': async () => {
    const old = start('release', 'old', { stopsBetween: true });
    await isStopped(old);
    return old;
  },
  'inside an effect, the look before its change being answered': async () => {
    // What is to be changed is looked at behind `effect.started`, right before it is sent.
    const held = holdLook((path) => path.startsWith('flags/') && isInEffect('set-cohort'));
    const old = start('release', 'old');
    return stoppedAt(old, await held);
  },
  'in the watch of the canary, which turns red meanwhile': async () => {
    const old = start('release', 'old', { watch: '60 s' });
    await entry(old, 'watch.progress');
    old.signal('SIGSTOP');
    await isStopped(old);
    return old;
  },
} as const;

/** What somebody else does meanwhile, and how that ends. */
const others = {
  'another release, after its time was over': {
    verb: 'release',
    exits: [3, 4],
    status: 'interrupted',
  },
  'a takeover of the same release': { verb: 'resume', exits: [4], status: 'held' },
  'a rollback': { verb: 'rollback', exits: [0], status: 'ended' },
} as const;

/** Stops a release in the middle of the rollback that its red canary began. */
async function inItsRollback(): Promise<Racer> {
  const held = holdLook((path) => company.red && path.startsWith('flags/'));
  const old = start('release', 'old', { watch: '60 s' });
  await entry(old, 'watch.progress');
  company.red = true;
  return stoppedAt(old, await held);
}

async function oneRelease(): Promise<string> {
  const [release = ''] = await readdir(join(world.directory, 'releases'));
  return release;
}

/** Reads what a process says to its end. */
async function ended(racer: Racer) {
  try {
    for (;;) await racer.word();
  } catch {
    return racer.end();
  }
}

describe.skipIf(process.platform !== 'linux')('a holder that was stopped', () => {
  describe.each(Object.keys(moments) as (keyof typeof moments)[])('%s', (moment) => {
    it.each(
      Object.keys(others) as (keyof typeof others)[],
    )('and wakes up after %s writes not one line and changes nothing', async (other) => {
      await opened();
      const old = await moments[moment]();
      const release = await oneRelease();
      const { verb, exits, status } = others[other];

      const finish = await ended(start(verb, 'other', { release }));
      expect(exits, JSON.stringify(finish)).toContain(finish.exit);
      const before = await journal(release);
      const changed = [...company.changes];

      company.red = true;
      old.signal('SIGCONT');
      const woken = await ended(old);
      expect(woken.said).toMatchObject({ code: 'LEASE_LOST' });
      expect(woken.exit).toBe(7);
      expect(await journal(release)).toBe(before);
      expect(company.changes).toEqual(changed);

      const entries = await new FileStore(world.directory, systemClock).read(release);
      expect(foldJournal(release, entries)).toMatchObject({ status, refused: [] });
    }, 60_000);
  });

  it('in a rollback of its own leaves the rest to whoever rolls back by hand', async () => {
    await opened();
    const old = await inItsRollback();
    const release = await oneRelease();
    expect((await ended(start('rollback', 'other', { release }))).exit).toBe(0);
    // Somebody puts the flags on again: nothing that is left of the old process may undo that.
    world.flag('AURORA_WIDGET_ENABLED').enabled = true;
    const [before, changed] = [await journal(release), [...company.changes]];
    old.signal('SIGCONT');
    const woken = await ended(old);
    expect(woken.said).toMatchObject({ code: 'LEASE_LOST' });
    expect(woken.exit).toBe(7);
    expect(await journal(release)).toBe(before);
    expect(company.changes).toEqual(changed);
    expect(world.flag('AURORA_WIDGET_ENABLED').enabled).toBe(true);
    await expect(readdir(join(world.directory, 'rescue'))).rejects.toThrow('ENOENT');
  }, 60_000);

  it('and that nobody overtook goes on as if nothing had been', async () => {
    await opened();
    const old = await moments['between two steps']();
    const release = await oneRelease();
    await vi.waitUntil(async () => Date.parse(await expiry()) < Date.now(), patience);
    const changed = company.changes.length;
    old.signal('SIGCONT');
    expect((await ended(old)).exit).toBe(4);
    expect(company.changes.length).toBeGreaterThan(changed);
    const entries = await new FileStore(world.directory, systemClock).read(release);
    expect(foldJournal(release, entries).status).toBe('held');
  }, 60_000);
});

/** Until when the lease of production was last taken or renewed. */
async function expiry(): Promise<string> {
  const leases = join(world.directory, 'leases');
  const text = await readFile(join(leases, 'production.1.json'), 'utf8');
  return JSON.parse(text).holder.expires;
}
