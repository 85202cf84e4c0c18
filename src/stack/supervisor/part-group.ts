import { join } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import { type PartPlan, type PartProcess, startPart } from './part-process.ts';

/** Told while the stack comes up. */
export type StackProgress =
  | { readonly type: 'starting'; readonly part: string }
  | { readonly type: 'ready'; readonly part: string; readonly ms: number }
  | { readonly type: 'seeding' };

/** All processes of a stack. */
export interface PartGroup {
  part(name: string): PartProcess;
  readonly parts: () => readonly PartProcess[];
  kill(name: string): Promise<void>;
  /** Starts those again that have ended, at the same addresses. Answers their names. */
  revive(signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface GroupOptions {
  readonly logDirectory: string;
  readonly onProgress: (progress: StackProgress) => void;
}

/**
 * Starts the parts, each as soon as those it needs are ready. When one fails, all that run are ended
 * before its error is thrown.
 */
export async function startGroup(
  plans: readonly PartPlan[],
  options: GroupOptions,
  signal: AbortSignal,
): Promise<PartGroup> {
  const stopOthers = new AbortController();
  const both = AbortSignal.any([signal, stopOthers.signal]);
  const running = new Map<string, PartProcess>();
  const started = new Map<string, Promise<void>>();
  const start = async (plan: PartPlan) => {
    // One turn later all parts are known, so that the order of the list does not matter.
    await Promise.resolve();
    await Promise.all(plan.after.map((name) => started.get(name)));
    const began = performance.now();
    options.onProgress({ type: 'starting', part: plan.name });
    running.set(plan.name, await startPart(plan, logOf(plan, options), both));
    const ms = Math.round(performance.now() - began);
    options.onProgress({ type: 'ready', part: plan.name, ms });
  };
  let firstError: unknown;
  for (const plan of plans) {
    const work = start(plan).catch((error: unknown) => {
      firstError ??= error;
      stopOthers.abort(error);
      throw error;
    });
    started.set(plan.name, work);
  }
  await Promise.allSettled(started.values());
  if (firstError !== undefined) {
    await stopAll(running);
    signal.throwIfAborted();
    throw firstError;
  }
  return groupOf(plans, running, options);
}

const logOf = (plan: PartPlan, options: GroupOptions) =>
  join(options.logDirectory, `${plan.name}.log`);

async function stopAll(running: ReadonlyMap<string, PartProcess>): Promise<void> {
  await Promise.all([...running.values()].map((part) => part.stop()));
}

function groupOf(
  plans: readonly PartPlan[],
  running: Map<string, PartProcess>,
  options: GroupOptions,
): PartGroup {
  const part = (name: string) => {
    const found = running.get(name);
    if (found !== undefined) return found;
    throw new AuroraError('STACK_FOREIGN', `the stack did not start a ${name} of its own`);
  };
  return {
    part,
    parts: () => [...running.values()],
    kill: (name) => part(name).kill(),
    revive: async (signal) => {
      const dead = plans.filter((plan) => running.get(plan.name)?.ended() !== null);
      await Promise.all(
        dead.map(async (plan) => {
          running.set(plan.name, await startPart(plan, logOf(plan, options), signal));
        }),
      );
      return dead.map((plan) => plan.name);
    },
    close: () => stopAll(running),
  };
}
