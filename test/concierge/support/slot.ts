import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A packed build that runs as a process of its own. */
export interface Slot {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it wrote to both outputs so far. */
  output(): string;
  /** Resolves with the exit code when it ended. */
  readonly ended: Promise<number | null>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs `node server.mjs [...]` of a build as the host does: nothing inherited but PATH. */
export function runBuild(
  directory: string,
  variables: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Omit<Slot, 'url'> {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...variables };
  const child = spawn(process.execPath, [join(directory, 'server.mjs'), ...args], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      written += String(chunk);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output: () => written, ended };
}

/** Starts a build and resolves when it answers as healthy. */
export async function startSlot(
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<Slot> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slot = { ...runBuild(directory, { ...variables, PORT: String(port) }), url };
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.status === 200) return slot;
    if (slot.process.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  slot.process.kill('SIGKILL');
  throw new Error(`the slot did not start: ${slot.output()}`);
}
