import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlotStatus } from '../../deploy/driver.ts';
import { ControlError } from '../control/service.ts';
import type { Guard } from './guard.ts';
import { LaunchFailed, launchSlot } from './launch.ts';
import { cleanLine, lastLines, secretValues } from './log-tail.ts';
import type { WarmUpLimits } from './options.ts';
import { orderDigest, type SlotPath, type StartOrder } from './order.ts';
import type { SlotProcess } from './slot-process.ts';

/** What all slots of a host share. */
export interface SlotSurroundings {
  readonly directory: string;
  readonly guard: Guard;
  readonly warmUp: WarmUpLimits;
  /** The port for a start; a rehearsal fault makes it one that is taken. */
  readonly takePort: (path: SlotPath) => Promise<number>;
}

type Present = Omit<SlotStatus, 'environment' | 'slot'>;

const empty: Present = {
  state: 'stopped',
  build: null,
  url: null,
  pid: null,
  startedAt: null,
  ended: null,
  lastLines: [],
};

/** A slot has two seconds to finish what runs; a little more, so that it can. */
const slotGraceMs = 2_500;

let runs = 0;

const toldToStop = () =>
  new ControlError(409, 'SLOT_STOPPED', 'it was told to stop, or to run something else');

/** One slot of one environment: at most one process, one operation at a time. */
export class Slot {
  readonly #path: SlotPath;
  readonly #around: SlotSurroundings;
  #present: Present = empty;
  #process: SlotProcess | undefined;
  /** What runs, or is being started. */
  #current: { digest: string; done: Promise<SlotStatus>; cancel: AbortController } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: SlotPath, around: SlotSurroundings) {
    this.#path = path;
    this.#around = around;
  }

  get status(): SlotStatus {
    return { ...this.#path, ...this.#present };
  }

  /**
   * Starts a build and resolves when it is ready. The same order again joins a start under way and
   * leaves alone what is ready already; any other order first stops what runs here.
   */
  start(order: StartOrder): Promise<SlotStatus> {
    const digest = orderDigest(order);
    if (this.#current?.digest === digest) return this.#current.done;
    this.#current?.cancel.abort(toldToStop());
    const cancel = new AbortController();
    const done = this.#queue(async () => {
      await this.#end(slotGraceMs);
      cancel.signal.throwIfAborted();
      return this.#launch(order, cancel.signal);
    });
    const current = { digest, done, cancel };
    this.#current = current;
    done.catch(() => {
      if (this.#current === current) this.#current = undefined;
    });
    return done;
  }

  /** Stops what runs, or is being started, here: SIGTERM, and SIGKILL after `graceMs`. */
  stop(graceMs = slotGraceMs): Promise<void> {
    this.#current?.cancel.abort(toldToStop());
    this.#current = undefined;
    return this.#queue(() => this.#end(graceMs));
  }

  #queue<T>(operation: () => Promise<T>): Promise<T> {
    const done = this.#last.then(operation);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #end(graceMs: number): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined) return;
    await process.stop(graceMs);
    const ended = await process.ended;
    this.#present = { ...this.#present, state: 'stopped', url: null, pid: null, ended };
  }

  async #launch(order: StartOrder, signal: AbortSignal): Promise<SlotStatus> {
    const { environment, slot } = this.#path;
    const { directory: root, guard, warmUp, takePort } = this.#around;
    runs += 1;
    const directory = join(root, 'run', `${environment}-${slot}-${runs}`);
    const log = join(root, 'logs', `${environment}-${slot}.jsonl`);
    const startedAt = Date.now();
    this.#present = { ...empty, state: 'starting', build: order.build, startedAt };
    const clean = () => rm(directory, { recursive: true, force: true });
    try {
      const port = await takePort(this.#path);
      const started = (process: SlotProcess) => {
        this.#process = process;
        const url = `http://127.0.0.1:${port}`;
        this.#present = { ...this.#present, url, pid: process.pid };
        void process.ended.then((how) => this.#ended(process, how, log, order).finally(clean));
      };
      await launchSlot({ order, directory, log, port, guard, warmUp, started }, signal);
    } catch (error) {
      await clean();
      throw await this.#failed(error, log, order);
    }
    this.#present = { ...this.#present, state: 'ready' };
    const process = this.#process;
    if (process?.running() === false) await this.#ended(process, await process.ended, log, order);
    return this.status;
  }

  /** It ended without being told to: that is a failure, whatever its exit code says. */
  async #ended(process: SlotProcess, how: string, log: string, order: StartOrder): Promise<void> {
    // A start that fails is told by the start itself.
    if (this.#process !== process || this.#present.state === 'starting') return;
    this.#process = undefined;
    this.#current = undefined;
    this.#present = { ...this.#present, state: 'failed', url: null, pid: null, ended: how };
    const lines = await lastLines(log, process.logFrom, secretValues(order.env, order.secrets));
    if (this.#present.ended === how) this.#present = { ...this.#present, lastLines: lines };
  }

  async #failed(error: unknown, log: string, order: StartOrder): Promise<ControlError> {
    const from = this.#process?.logFrom;
    this.#process = undefined;
    const secrets = secretValues(order.env, order.secrets);
    const reason = cleanLine(error instanceof Error ? error.message : String(error), secrets);
    const lines = from === undefined ? [] : await lastLines(log, from, secrets);
    const known = error instanceof ControlError ? error : undefined;
    const state = known?.code === 'SLOT_STOPPED' ? 'stopped' : 'failed';
    const ending = { state, url: null, pid: null, ended: reason, lastLines: lines } as const;
    this.#present = { ...this.#present, ...ending };
    const code = error instanceof LaunchFailed ? 'SLOT_FAILED' : 'HOST_FAILED';
    const { environment, slot } = this.#path;
    const message = `${slot} of ${environment} did not get ready: ${reason}`;
    return new ControlError(known?.status ?? 502, known?.code ?? code, message, {
      lastLines: lines,
    });
  }
}
