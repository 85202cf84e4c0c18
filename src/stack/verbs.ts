import type { GlobalOptions } from '../app/globals.ts';
import type { Io } from '../app/io.ts';
import { openOutput } from '../app/output.ts';
import { ownSignals } from '../app/signals.ts';
import { cacheDirectory } from '../base/cache-directory.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import { flagsRuntime, isInstalled } from './flags/runtime.ts';
import { type RatesWish, stackRates } from './rates.ts';
import type { FaultName } from './supervisor/faults.ts';
import { stackDown, stackFault, stackReset, stackStatus } from './supervisor/manage.ts';
import type { StackState } from './supervisor/state.ts';
import { type StackUpProgress, stackUp } from './supervisor/up.ts';

/** Options of the verbs of `stack`. */
export interface StackOptions extends GlobalOptions {
  readonly dir?: string;
}

async function withSignal<T>(io: Io, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, dispose } = ownSignals((name) =>
    io.stderr.write(`\n${name}: stopping cleanly\n`),
  );
  try {
    return await work(signal);
  } finally {
    dispose();
  }
}

/** In a terminal asks before it installs anything; elsewhere only --yes agrees. */
async function mayInstall(io: Io, options: StackOptions): Promise<boolean> {
  if (options.yes === true) return true;
  const runtime = await flagsRuntime(cacheDirectory(io.variables));
  if (isInstalled(runtime) || io.stdin.isTTY !== true) return false;
  const { confirm, terminalPrompt } = await import('../ui/prompt.ts');
  io.stderr.write(
    `The flag server of the local stack (unleash-server on PGlite, 219 MB) would be installed by npm into\n${runtime.directory}\n`,
  );
  return confirm({ message: 'Install it?', option: '--yes' }, terminalPrompt());
}

function progressLine(progress: StackUpProgress): string | undefined {
  if (progress.type === 'installing') return `installing  ${progress.line}`;
  if ('part' in progress) return `${progress.type.padEnd(10)}  ${progress.part}`;
  return undefined;
}

function show(state: StackState, output: ReturnType<typeof openOutput>): void {
  output.document('stack', state);
  const width = Math.max(...Object.keys(state.addresses).map((name) => name.length));
  for (const [name, address] of Object.entries(state.addresses))
    output.text(`${name.padEnd(width)}  ${address}`);
  for (const [name, source] of Object.entries(state.sources)) {
    if (source !== 'embedded') output.text(`${name}: ${source}`);
  }
  const dead = state.parts.filter((part) => part.ended !== null);
  for (const part of dead) output.text(`ENDED ${part.name}: ${part.ended} (log: ${part.log})`);
  if (state.faults.length > 0) output.text(`faults: ${state.faults.join(', ')}`);
}

/** `aurora stack up` */
export async function stackUpVerb(io: Io, options: StackOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  const installRuntime = await mayInstall(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    const onProgress = (progress: StackUpProgress) => {
      const line = progressLine(progress);
      if (line !== undefined) output.remark(line);
    };
    const where = options.dir === undefined ? {} : { directory: options.dir };
    const state = await stackUp(
      { ...where, installRuntime, env: { ...io.variables } },
      { onProgress, signal },
    );
    show(state, output);
    output.text([
      '',
      `configuration: ${state.config}`,
      'next:',
      `  export AURORA_CONFIG=${state.config}`,
      '  aurora doctor',
      '  aurora build pack <directory of a build>',
      '  aurora deploy <build> --env staging, then --env production',
      '  aurora release <build> --time-scale 60',
    ]);
    return 0;
  });
}

/** `aurora stack down` */
export async function stackDownVerb(io: Io, options: StackOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    const ran = await stackDown(options.dir, signal);
    output.document('stack-down', { ran });
    output.text(ran ? 'the stack is down' : 'no stack was running');
    return 0;
  });
}

/** `aurora stack status` */
export async function stackStatusVerb(io: Io, options: StackOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    const state = await stackStatus(options.dir, signal);
    show(state, output);
    const ended = state.parts.filter((part) => part.ended !== null).length;
    output.text(
      `running since ${state.startedAt}, ${state.parts.length - ended} of ${state.parts.length} parts`,
    );
    return ended === 0 ? 0 : 3;
  });
}

/** `aurora stack reset` */
export async function stackResetVerb(io: Io, options: StackOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    output.document('stack', await stackReset(options.dir, signal));
    output.text('the stack is as new: data, flags, secrets, slots, traffic; deploy a build next');
    return 0;
  });
}

/** `aurora stack fault <name>` */
export async function stackFaultVerb(
  io: Io,
  fault: FaultName | 'clear',
  options: StackOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    const state = await stackFault(fault, options.dir, signal);
    output.document('stack', state);
    output.text(
      state.faults.length === 0
        ? 'no fault is in force'
        : `faults in force: ${state.faults.join(', ')}`,
    );
    return 0;
  });
}

/** `aurora stack shoppers` */
export async function stackShoppersVerb(
  io: Io,
  wish: RatesWish,
  options: StackOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSignal<ExitCode>(io, async (signal) => {
    const rates = await stackRates(options.dir, wish, signal);
    output.document('shoppers', { rates });
    output.text(`sessions per second: ${JSON.stringify(rates)}`);
    return 0;
  });
}
