import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from '../../base/cache-directory.ts';
import { AuroraError, hasCode } from '../../base/errors.ts';
import { privateDirectory, privateFile } from '../../base/files.ts';
import { packageRoot } from '../../base/package-root.ts';
import { type FlagsRuntime, flagsRuntime, install, isInstalled } from '../flags/runtime.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { forgetStack, liveStack } from './control-client.ts';
import { fromWire, type SupervisorMessage, type SupervisorOptions } from './messages.ts';
import type { StackProgress } from './part-group.ts';
import { chooseSources } from './sources.ts';
import { lockStart } from './start-lock.ts';
import type { StackState } from './state.ts';

/** How a stack is started. */
export interface StackUpOptions {
  /** Where the stack lives; `.aurora/stack` when left out. */
  readonly directory?: string;
  /** Where releases and builds live, for the configuration; `.aurora` when left out. */
  readonly stateDirectory?: string;
  /** Installs the flag server's packages when they are missing; else that is STACK_RUNTIME_MISSING. */
  readonly installRuntime?: boolean;
  /** Only AURORA_STACK_*, PATH and XDG_CACHE_HOME are looked at. */
  readonly env?: NodeJS.ProcessEnv;
  /** The bundled parts; `dist/stack` of the package when left out. */
  readonly partsDirectory?: string;
}

/** Told while a stack comes up. */
export type StackUpProgress =
  | StackProgress
  | { readonly type: 'installing'; readonly line: string };

/** Whom a starting stack talks to. */
export interface StackIo {
  readonly onProgress: (progress: StackUpProgress) => void;
  readonly signal: AbortSignal;
}

export const defaultStackDirectory = '.aurora/stack';

/**
 * Brings up a stack and resolves when everything runs and is filled; it then outlives this process.
 * Errors: STACK_RUNNING, STACK_RUNTIME_MISSING, STACK_FOREIGN, CREDENTIAL_MISSING, and
 * STACK_START_FAILED, after which nothing is left running.
 */
export async function stackUp(options: StackUpOptions, io: StackIo): Promise<StackState> {
  const directory = resolve(options.directory ?? defaultStackDirectory);
  const partsDirectory = options.partsDirectory ?? join(packageRoot(), 'dist', 'stack');
  const env = options.env ?? process.env;
  const sources = chooseSources(env);
  const runtime = await flagsRuntime(cacheDirectory(env));
  const release = await lockStart(directory);
  try {
    await refuseRunning(directory, io.signal);
    await haveRuntime(runtime, options.installRuntime === true, io);
    return await startSupervisor(
      {
        directory,
        stateDirectory: resolve(options.stateDirectory ?? '.aurora'),
        partsDirectory,
        fixtures: join(packageRoot(), 'fixtures'),
        flagsRuntime: runtime.directory,
        flagsTemplate: runtime.templateDirectory,
        sources,
      },
      io,
    );
  } finally {
    await release();
  }
}

async function refuseRunning(directory: string, signal: AbortSignal): Promise<void> {
  try {
    const { state } = await liveStack(directory, signal);
    throw new AuroraError('STACK_RUNNING', `a stack runs since ${state.startedAt}`, {
      where: directory,
    });
  } catch (error) {
    const isGone = hasCode(error, 'STACK_NOT_RUNNING') || hasCode(error, 'STORE_FAILED');
    if (!isGone) throw error;
    await forgetStack(directory);
  }
}

async function haveRuntime(runtime: FlagsRuntime, mayInstall: boolean, io: StackIo): Promise<void> {
  if (isInstalled(runtime)) return;
  if (!mayInstall) {
    throw new AuroraError('STACK_RUNTIME_MISSING', 'the flag server is not installed', {
      where: runtime.directory,
    });
  }
  await install(runtime, (line) => io.onProgress({ type: 'installing', line }), io.signal);
}

async function startSupervisor(options: SupervisorOptions, io: StackIo): Promise<StackState> {
  const entry = join(options.partsDirectory, 'supervisor.js');
  if (!existsSync(entry)) {
    throw new AuroraError('STACK_START_FAILED', 'the parts of the stack are not built', {
      where: entry,
      remedy: 'Run `npm run build` in the package.',
    });
  }
  // Beside the parts' logs, which the supervisor clears.
  const log = join(options.directory, 'supervisor.log');
  await mkdir(options.directory, { recursive: true, mode: privateDirectory });
  const output = await open(log, 'w', privateFile);
  const child = fork(entry, [options.directory], {
    cwd: options.directory,
    detached: true,
    env: cleanEnvironment(),
    execArgv: [],
    stdio: ['ignore', output.fd, output.fd, 'ipc'],
  });
  await output.close();
  try {
    return await untilUp(child, options, io, log);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function untilUp(
  child: ChildProcess,
  options: SupervisorOptions,
  io: StackIo,
  log: string,
): Promise<StackState> {
  return new Promise((resolve, reject) => {
    const fail = (message: string) =>
      reject(new AuroraError('STACK_START_FAILED', message, { where: log }));
    // It takes everything down before it ends, and only then this is over.
    const abort = () => child.kill('SIGTERM');
    io.signal.addEventListener('abort', abort, { once: true });
    let refusal: AuroraError | undefined;
    child.on('message', (raw) => {
      const message = raw as SupervisorMessage;
      if (message.type === 'progress') io.onProgress(message.progress);
      else if (message.type === 'ready') {
        io.signal.removeEventListener('abort', abort);
        resolve(message.state);
      } else refusal = fromWire(message.error);
    });
    child.once('error', (error) => fail(`the supervisor: ${error.message}`));
    child.once('exit', (code, by) => {
      io.signal.removeEventListener('abort', abort);
      if (io.signal.aborted) reject(io.signal.reason);
      else if (refusal !== undefined) reject(refusal);
      else fail(`the supervisor ended (${by ?? `exit ${code}`})`);
    });
    child.send(options, (error) => {
      if (error !== null) fail(`the supervisor: ${error.message}`);
    });
    if (io.signal.aborted) abort();
  });
}
