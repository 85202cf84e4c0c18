import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../../src/base/process.ts';
import {
  type PartGroup,
  type StackProgress,
  startGroup,
} from '../../../src/stack/supervisor/part-group.ts';
import type { PartPlan } from '../../../src/stack/supervisor/part-process.ts';
import { type Program, writePrograms } from './programs.ts';

let programs: Awaited<ReturnType<typeof writePrograms>>;
let group: PartGroup | undefined;
let progress: StackProgress[] = [];
let logDirectory: string;
const signal = AbortSignal.timeout(30_000);

beforeAll(async () => {
  programs = await writePrograms();
});
afterAll(() => programs.remove());
beforeEach(async () => {
  logDirectory = await mkdtemp(join(programs.directory, 'logs-'));
});
afterEach(async () => {
  await group?.close();
  group = undefined;
  progress = [];
});

const plan = (name: string, program: Program, more: Partial<PartPlan> = {}): PartPlan => ({
  name,
  entry: programs.path(program),
  options: { token: 'very-secret-option' },
  after: [],
  readyWithinMs: 5_000,
  ...more,
});

async function start(plans: PartPlan[], within = signal): Promise<PartGroup> {
  const onProgress = (p: StackProgress) => void progress.push(p);
  group = await startGroup(plans, { logDirectory, onProgress }, within);
  return group;
}

describe('the parts of a stack', () => {
  it('start in their order: nobody before those it needs', async () => {
    await start([
      plan('edge', 'good', { after: ['flags'] }),
      plan('flags', 'good'),
      plan('redis', 'good'),
    ]);
    const seen = progress.flatMap((p) => ('part' in p ? [`${p.part} ${p.type}`] : []));
    expect(seen.indexOf('edge starting')).toBeGreaterThan(seen.indexOf('flags ready'));
    expect(seen.indexOf('redis starting')).toBeLessThan(seen.indexOf('flags ready'));
  });

  it('get their options over IPC, and neither arguments nor the user’s environment', async () => {
    process.env.MONGODB_URI = 'mongodb://production.example';
    process.env.VAULT_TOKEN = 'of-production';
    try {
      const { endpoints } = (await start([plan('mongo', 'good')])).part('mongo');
      expect(endpoints).toEqual({
        options: '{"token":"very-secret-option"}',
        env: expect.not.stringMatching(/MONGODB|VAULT|HOME/),
        argv: '',
      });
    } finally {
      delete process.env.MONGODB_URI;
      delete process.env.VAULT_TOKEN;
    }
  });

  it.each([
    ['refusing', 'vault: cannot write; its log ends: the disk is full'],
    ['crashing', 'vault: it ended (exit 3); its log ends: Error: no such module'],
  ] as const)('say why a %s one did not start, with the end of its log', async (program, message) => {
    await expect(start([plan('vault', program)])).rejects.toMatchObject({
      code: 'STACK_START_FAILED',
      message,
      where: join(logDirectory, 'vault.log'),
    });
  });

  it('are given up when one is not ready in time', async () => {
    const slow = plan('vault', 'silent', { readyWithinMs: 200 });
    await expect(start([slow])).rejects.toMatchObject({
      code: 'STACK_START_FAILED',
      message: 'vault: not ready within 200 ms',
    });
  });

  it('are all taken down when one fails', async () => {
    const started = start([
      plan('good', 'good'),
      plan('stubborn', 'stubborn'),
      plan('late', 'crashing', { after: ['good', 'stubborn'] }),
      plan('never', 'silent'),
    ]);
    await expect(started).rejects.toMatchObject({ message: expect.stringContaining('late') });
    expect(progress.filter((p) => p.type === 'ready')).toHaveLength(2);
    expect(await childrenOf(process.pid)).toEqual([]);
  });

  it('stop coming up when the signal aborts, and leave nothing behind', async () => {
    const abort = new AbortController();
    const started = start([plan('redis', 'good'), plan('vault', 'silent')], abort.signal);
    await expect.poll(() => progress.some((p) => p.type === 'ready')).toBe(true);
    const children = await childrenOf(process.pid);
    abort.abort(new Error('interrupted'));
    await expect(started).rejects.toThrow('interrupted');
    expect(children.length).toBeGreaterThan(0);
    expect(children.some(isAlive)).toBe(false);
  });

  it('tell how one ended that was killed, and start it again on demand', async () => {
    const running = await start([plan('redis', 'good'), plan('vault', 'good')]);
    const { pid } = running.part('redis');
    await running.kill('redis');
    expect(isAlive(pid)).toBe(false);
    expect(running.part('redis').ended()).toBe('signal SIGKILL');
    expect(running.part('vault').ended()).toBeNull();
    expect(await running.revive(signal)).toEqual(['redis']);
    expect(running.part('redis').ended()).toBeNull();
    expect(running.part('redis').pid).not.toBe(pid);
  });

  it('are refused a fault when the stack has no such part', async () => {
    const running = await start([plan('redis', 'good')]);
    expect(() => running.part('mongo')).toThrow(expect.objectContaining({ code: 'STACK_FOREIGN' }));
  });

  it('end within three seconds even when one does not listen', async () => {
    const running = await start([plan('redis', 'good'), plan('stubborn', 'stubborn')]);
    const pids = running.parts().map(({ pid }) => pid);
    const began = performance.now();
    await running.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(pids.some(isAlive)).toBe(false);
  });
});

/** The direct children of a process that run programs of this test. */
async function childrenOf(pid: number): Promise<number[]> {
  const { execa } = await import('execa');
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [id, parent] = line.trim().split(/\s+/);
    const ours = Number(parent) === pid && line.includes(programs.directory);
    return ours ? [Number(id)] : [];
  });
}
