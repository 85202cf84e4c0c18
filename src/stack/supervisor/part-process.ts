import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import { privateDirectory, privateFile } from '../../base/files.ts';
import { redact } from '../../base/redact.ts';
import type { PartMessage } from '../child.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { lastLines } from './log-tail.ts';

/** One process of the stack, before it runs. */
export interface PartPlan {
  readonly name: string;
  /** The program, an absolute path. */
  readonly entry: string;
  /** Sent as the first message; may hold secrets. */
  readonly options: object;
  /** Names of the parts that must be ready before. */
  readonly after: readonly string[];
  readonly readyWithinMs: number;
}

/** One process of the stack that became ready. */
export interface PartProcess {
  readonly name: string;
  readonly pid: number;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly log: string;
  /** How it ended: `exit 1`, `signal SIGKILL`; null while it runs. */
  ended(): string | null;
  /** Asks it to end, and makes it after a second. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

const graceMs = 1_800;

/**
 * Starts a part with a clean environment and its options over IPC; its output goes to `log`. Resolves
 * when it says that it is ready. STACK_START_FAILED with the log's last lines when it fails, ends or
 * takes too long; the signal's reason when it aborts. Nothing is left behind then.
 */
export async function startPart(
  plan: PartPlan,
  log: string,
  signal: AbortSignal,
): Promise<PartProcess> {
  signal.throwIfAborted();
  await mkdir(dirname(log), { recursive: true, mode: privateDirectory });
  const output = await open(log, 'a', privateFile);
  // An earlier life of this part may have written before.
  const { size: logStart } = await output.stat();
  let child: ChildProcess;
  try {
    child = fork(plan.entry, [], {
      env: cleanEnvironment(),
      execArgv: [],
      cwd: dirname(log),
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
    });
  } finally {
    await output.close();
  }
  const life = followLife(child);
  try {
    const endpoints = await untilReady(child, plan, life, signal);
    return {
      name: plan.name,
      pid: child.pid ?? 0,
      endpoints,
      log,
      ended: () => life.how,
      stop: () => end(child, life, 'SIGTERM'),
      kill: () => end(child, life, 'SIGKILL'),
    };
  } catch (error) {
    await end(child, life, 'SIGKILL');
    signal.throwIfAborted();
    const lines = await lastLines(log, 5, logStart);
    const reason = error instanceof Error ? error.message : String(error);
    const seen = lines.length === 0 ? '' : `; its log ends: ${lines.join(' | ')}`;
    throw new AuroraError('STACK_START_FAILED', redact(`${plan.name}: ${reason}${seen}`), {
      where: log,
      cause: error,
    });
  }
}

interface Life {
  how: string | null;
  readonly over: Promise<void>;
}

function followLife(child: ChildProcess): Life {
  let settle: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const life: Life = { how: null, over };
  const note = (how: string) => {
    life.how ??= how;
    settle();
  };
  child.once('exit', (code, by) => note(by === null ? `exit ${code}` : `signal ${by}`));
  child.on('error', (error) => {
    // An error of the channel leaves the process running; one without a pid never started.
    if (child.pid === undefined) note(error.message);
  });
  return life;
}

function untilReady(
  child: ChildProcess,
  plan: PartPlan,
  life: Life,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`not ready within ${plan.readyWithinMs} ms`));
    }, plan.readyWithinMs);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    child.on('message', (raw) => {
      const message = raw as PartMessage;
      done();
      if (message.type === 'ready') resolve(message.endpoints);
      else reject(new Error(message.message));
    });
    void life.over.then(() => {
      done();
      reject(new Error(`it ended (${life.how})`));
    });
    child.send(plan.options, (error) => {
      if (error !== null) reject(error);
    });
  });
}

async function end(child: ChildProcess, life: Life, by: NodeJS.Signals): Promise<void> {
  if (life.how !== null) return;
  child.kill(by);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await life.over;
  clearTimeout(timer);
}
