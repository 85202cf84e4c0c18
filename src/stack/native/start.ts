import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { privateDirectory, privateFile } from '../../base/files.ts';
import type { RunningPart } from '../child.ts';
import { nativeCommand } from './command.ts';
import type { NativeOptions } from './options.ts';

const readyWithinMs = 15_000;
const graceMs = 900;
const schemes = { mongod: 'mongodb', 'redis-server': 'redis', vault: 'http' } as const;

/**
 * Runs a real server as a child and is ready when its port takes connections. The server ends with
 * this part, however that ends, unless this part itself is killed with SIGKILL.
 */
export async function startNative(options: NativeOptions): Promise<RunningPart> {
  const { args, input, file } = nativeCommand(options);
  await mkdir(options.dataDirectory, { recursive: true, mode: privateDirectory });
  if (file !== undefined) await writeFile(file.path, file.content, { mode: privateFile });
  const child = spawn(options.program, args, {
    cwd: options.dataDirectory,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin?.on('error', () => undefined).end(input ?? '');
  const exited = once(child, 'exit').catch((error: Error) => [error.message, null]);
  const ended = exited.then(([code, by]) => by ?? `exit ${code}`);
  const close = () => end(child, ended);
  try {
    await untilListening(options.port, ended);
  } catch (error) {
    await close();
    throw error;
  }
  const address = `${schemes[options.kind]}://127.0.0.1:${options.port}`;
  return { endpoints: { address }, close };
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

async function untilListening(port: number, ended: Promise<unknown>): Promise<void> {
  let how: unknown;
  void ended.then((value) => {
    how = value;
  });
  const deadline = Date.now() + readyWithinMs;
  while (!(await isListening(port))) {
    if (how !== undefined) throw new Error(`the server ended (${how})`);
    if (Date.now() > deadline) throw new Error(`not listening within ${readyWithinMs} ms`);
    await delay(50);
  }
}
