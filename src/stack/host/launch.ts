import type { Guard } from './guard.ts';
import type { WarmUpLimits } from './options.ts';
import type { StartOrder } from './order.ts';
import { waitUntilHealthy } from './ready.ts';
import { type SlotProcess, startProcess } from './slot-process.ts';
import { takeBuild } from './take-build.ts';
import { warmUp } from './warm-up.ts';

const readyWithinMs = 10_000;

/** Where and as what a build is launched. */
export interface Launch {
  readonly order: StartOrder;
  readonly directory: string;
  readonly log: string;
  /** Words for Node before the build's own program. */
  readonly words: readonly string[];
  readonly port: number;
  readonly guard: Guard;
  readonly warmUp: WarmUpLimits;
  /** Told as soon as there is a process, long before it is ready. */
  readonly started: (process: SlotProcess) => void;
}

/** A start that came to nothing, and why: `exit 1`, `not healthy within 10000 ms`. */
export class LaunchFailed extends Error {}

/** The environment of a slot: what the order says, and last what only the host can know. */
function slotEnv({ order, port }: Launch): Record<string, string> {
  return {
    ...order.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    AURORA_SLOT: order.slot,
    NODE_ENV: 'production',
  };
}

async function becomeReady(launch: Launch, signal: AbortSignal): Promise<void> {
  const { order, port } = launch;
  const url = `http://127.0.0.1:${port}`;
  const answered = await waitUntilHealthy(url, signal);
  if (answered !== order.build) throw new LaunchFailed(`it answers as build ${answered}`);
  await warmUp(url, order.env.CONCIERGE_API_KEY ?? '', signal, launch.warmUp);
}

/**
 * Verifies, starts, waits until healthy and warms up. Resolves when the slot is ready, with its process.
 * Throws ControlError BUILD_ALTERED, or LaunchFailed with no process left behind.
 */
export async function launchSlot(launch: Launch, signal: AbortSignal): Promise<SlotProcess> {
  const { order, directory, log, words, guard } = launch;
  await takeBuild(order.buildDirectory, directory, order.build);
  signal.throwIfAborted();
  const process = await startProcess({ directory, env: slotEnv(launch), words, log }, guard);
  launch.started(process);
  const over = new AbortController();
  const end = (reason: Error) => over.abort(reason);
  const timer = setTimeout(
    () => end(new LaunchFailed(`not healthy within ${readyWithinMs} ms`)),
    readyWithinMs,
  );
  const cancelled = () => over.abort(signal.reason);
  signal.addEventListener('abort', cancelled, { once: true });
  if (signal.aborted) cancelled();
  void process.ended.then((how) => end(new LaunchFailed(how)));
  try {
    await becomeReady(launch, over.signal);
    over.signal.throwIfAborted();
    return process;
  } catch (error) {
    // Read before the process is stopped: its end would pass for the reason.
    const reason: unknown = over.signal.aborted ? over.signal.reason : error;
    await process.stop(1_000);
    throw reason;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancelled);
  }
}
