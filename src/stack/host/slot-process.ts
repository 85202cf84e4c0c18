import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Guard } from './guard.ts';

/** What a slot's process is started with. */
export interface ProcessOrder {
  /** The verified copy of the build. */
  readonly directory: string;
  /** The whole environment but PATH; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Words for Node before the build's own program. */
  readonly words: readonly string[];
  /** Both its outputs are appended here. */
  readonly log: string;
}

/** A started slot. */
export interface SlotProcess {
  readonly pid: number;
  /** Where in the log its own lines begin. */
  readonly logFrom: number;
  /** How it ended: `exit 1` or `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
  running(): boolean;
  /** SIGTERM, and SIGKILL after `graceMs`. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === null ? `exit ${code}` : `signal ${signal}`;
}

/** Starts `server.mjs` of a build, output straight into its log file: the host carries no byte of it. */
export async function startProcess(order: ProcessOrder, guard: Guard): Promise<SlotProcess> {
  await mkdir(dirname(order.log), { recursive: true, mode: 0o700 });
  const log = await open(order.log, 'a', 0o600);
  try {
    const { size: logFrom } = await log.stat();
    const path = process.env.PATH;
    const child = spawn(process.execPath, [...order.words, 'server.mjs'], {
      cwd: order.directory,
      env: { ...(path === undefined ? {} : { PATH: path }), ...order.env },
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C in the stack's terminal is the supervisor's business, not the slot's.
      detached: true,
    });
    const ended = endOf(child);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    guard.watch(pid);
    void ended.then(() => guard.forget(pid));
    return {
      pid,
      logFrom,
      ended,
      running: () => child.exitCode === null && child.signalCode === null,
      stop: async (graceMs) => {
        child.kill('SIGTERM');
        const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
        await ended;
        clearTimeout(force);
      },
    };
  } finally {
    await log.close();
  }
}
