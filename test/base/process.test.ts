import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { isAlive } from '../../src/base/process.ts';

describe('a process', () => {
  it('is alive while it runs and dead afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(pid)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'is dead when only its parent has not noticed',
    async () => {
      // The shell starts a child, becomes `sleep`, and so never waits for it.
      const parent: ChildProcess = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [chunk] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
        const pid = Number(String(chunk).trim());
        await vi.waitFor(() =>
          expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z '),
        );
        expect(isAlive(pid)).toBe(false);
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );
});
