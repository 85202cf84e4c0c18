import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '../../base/files.ts';
import { publicAddresses } from './addresses.ts';
import { configFile } from './config-file.ts';
import { type Control, startControl } from './control.ts';
import { choosePorts, createSecrets, type StackLayout } from './layout.ts';
import type { SupervisorOptions } from './messages.ts';
import type { StackProgress } from './part-group.ts';
import type { Source } from './sources.ts';
import { type RunningStack, startStack } from './stack.ts';
import { controlTokenFile, type StackState, stateFile, writeState } from './state.ts';

/** A stack with its control service. */
export interface Supervised {
  readonly state: StackState;
  close(): Promise<void>;
}

async function layOut(options: SupervisorOptions): Promise<StackLayout> {
  const digest = createHash('sha256').update(options.directory).digest('hex').slice(0, 8);
  return {
    ...options,
    ports: await choosePorts(),
    secrets: createSecrets(),
    mark: `aurora_stack_${digest}`,
  };
}

function sourceText(source: Source): string {
  return source.from === 'program' ? `program ${source.program}` : source.from;
}

function stateOf(layout: StackLayout, stack: RunningStack, startedAt: string): StackState {
  const { sources, directory } = layout;
  return {
    format: 1,
    pid: process.pid,
    startedAt,
    directory,
    stateDirectory: layout.stateDirectory,
    control: `http://127.0.0.1:${layout.ports.control}`,
    config: configFile(layout),
    addresses: publicAddresses(layout),
    sources: {
      mongodb: sourceText(sources.mongodb),
      vault: sourceText(sources.vault),
      redis: sourceText(sources.redis),
    },
    parts: stack.parts().map(({ name, pid, log, endpoints, ended }) => {
      return { name, pid, log, endpoints, ended: ended() };
    }),
    faults: [...stack.faults()],
  };
}

/**
 * Starts a stack and its control service, and keeps its state file. `onDown` is called when somebody asks
 * the control service to end it. STACK_START_FAILED, with nothing left running, when a part does not start.
 */
export async function supervise(
  options: SupervisorOptions,
  on: { readonly progress: (progress: StackProgress) => void; readonly down: () => void },
  signal: AbortSignal,
): Promise<Supervised> {
  const layout = await layOut(options);
  const stack = await startStack(layout, on.progress, signal);
  const startedAt = new Date().toISOString();
  const state = () => stateOf(layout, stack, startedAt);
  const token = randomBytes(24).toString('hex');
  let control: Control | undefined;
  const close = async () => {
    await Promise.all([stack.close(), control?.close()]);
    const files = [stateFile(options.directory), controlTokenFile(options.directory)];
    await Promise.all(files.map((path) => rm(path, { force: true })));
  };
  try {
    const port = layout.ports.control;
    const onChange = () => writeState(state());
    control = await startControl({ token, port, stack, state, onChange, onDown: on.down });
    await writeFileAtomic(controlTokenFile(options.directory), token);
    await writeState(state());
  } catch (error) {
    await close();
    throw error;
  }
  return { state: state(), close };
}
