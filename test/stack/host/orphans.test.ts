import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import type { PartMessage } from '../../../src/stack/child.ts';
import {
  atEnd,
  hostClient,
  isAlive,
  makeBuild,
  portRange,
  temporaryDirectory,
  token,
} from './helpers.ts';

/** The host as the stack runs it: bundled, in a process of its own, options over IPC. */
async function forkHost(): Promise<{ child: ChildProcess; host: string }> {
  const directory = await temporaryDirectory();
  const outfile = join(directory, 'host.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../../src/stack/host/main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const child = fork(outfile, [], { stdio: 'ignore', execArgv: [], env: {} });
  atEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const ready = once(child, 'message');
  child.send({ port: 0, token, directory, portRange });
  const [message] = (await ready) as [PartMessage];
  if (message.type !== 'ready') throw new Error(message.message);
  return { child, host: message.endpoints.host ?? '' };
}

describe('slots and the end of their host', () => {
  it('end with a host that was killed with SIGKILL', async () => {
    const { child, host } = await forkHost();
    const started = await hostClient(host).start(await makeBuild(), 'production/blue');
    const pid = Number(started.body.pid);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 4_000 });
  });

  it('end with a host whose supervisor is gone', async () => {
    const { child, host } = await forkHost();
    const started = await hostClient(host).start(await makeBuild(), 'production/blue');
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(isAlive(Number(started.body.pid))).toBe(false);
  });
});
