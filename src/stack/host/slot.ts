import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { SlotStatus } from '../../deploy/driver.ts';
import { ControlError } from '../control/service.ts';
import type { Guard } from './guard.ts';
import { LaunchFailed, launchSlot } from './launch.ts';
import { cleanLine, lastLines, secretValues } from './log-tail.ts';
import { gateWords } from './metrics-gate.ts';
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
  /** What it was started with, for as long as it runs. */
  #order: StartOrder | undefined;
  /** The process before, which still serves those who came before the new one took over. */
  #predecessor: SlotProcess | undefined;
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

  /**
   * Starts the same order once more, beside what runs, and makes the new process the slot's. Its counters
   * begin at zero. The process before goes on serving until `endPredecessor`. ControlError SLOT_EMPTY
   * when nothing runs here; when the new process does not get ready, the one before stays.
   */
  renew(): Promise<SlotStatus> {
    return this.#queue(async () => {
      const order = this.#order;
      if (order === undefined || this.#process?.running() !== true) {
        throw new ControlError(409, 'SLOT_EMPTY', 'nothing runs here');
      }
      await this.#endPredecessor(slotGraceMs);
      return this.#replace(order, this.#process);
    });
  }

  /** Stops the process that was there before the last `renew`; it finishes what it has begun. */
  endPredecessor(): Promise<void> {
    return this.#queue(() => this.#endPredecessor(slotGraceMs));
  }

  #queue<T>(operation: () => Promise<T>): Promise<T> {
    const done = this.#last.then(operation);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #endPredecessor(graceMs: number): Promise<void> {
    const process = this.#predecessor;
    this.#predecessor = undefined;
    await process?.stop(graceMs);
  }

  async #end(graceMs: number): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#order = undefined;
    await Promise.all([this.#endPredecessor(graceMs), process?.stop(graceMs)]);
    if (process === undefined) return;
    const ended = await process.ended;
    this.#present = { ...this.#present, state: 'stopped', url: null, pid: null, ended };
  }

  get #log(): string {
    const { environment, slot } = this.#path;
    return join(this.#around.directory, 'logs', `${environment}-${slot}.jsonl`);
  }

  async #launch(order: StartOrder, signal: AbortSignal): Promise<SlotStatus> {
    const startedAt = Date.now();
    this.#present = { ...empty, state: 'starting', build: order.build, startedAt };
    try {
      await this.#run(order, signal, (process, url) => {
        this.#process = process;
        this.#present = { ...this.#present, url, pid: process.pid };
      });
    } catch (error) {
      throw await this.#failed(error, order);
    }
    this.#order = order;
    this.#present = { ...this.#present, state: 'ready' };
    const process = this.#process;
    if (process?.running() === false) await this.#ended(process, await process.ended, order);
    return this.status;
  }

  /** Launches on a port of its own, in a copy that goes with the process. */
  async #run(
    order: StartOrder,
    signal: AbortSignal,
    started: (process: SlotProcess, url: string) => void,
  ): Promise<{ readonly process: SlotProcess; readonly url: string }> {
    const { environment, slot } = this.#path;
    const { directory: root, guard, warmUp, takePort } = this.#around;
    runs += 1;
    const directory = join(root, 'run', `${environment}-${slot}-${runs}`);
    const clean = () => rm(directory, { recursive: true, force: true });
    try {
      const port = await takePort(this.#path);
      const url = `http://127.0.0.1:${port}`;
      const words = gateWords(root, environment);
      const told = (process: SlotProcess) => {
        started(process, url);
        void process.ended.then((how) => this.#ended(process, how, order).finally(clean));
      };
      const launch = {
        order,
        directory,
        log: this.#log,
        words,
        port,
        guard,
        warmUp,
        started: told,
      };
      return { process: await launchSlot(launch, signal), url };
    } catch (error) {
      await clean();
      throw error;
    }
  }

  /** The new process takes the slot over only when it is ready. */
  async #replace(order: StartOrder, before: SlotProcess): Promise<SlotStatus> {
    const { cancel } = this.#current ?? { cancel: new AbortController() };
    const startedAt = Date.now();
    const { process, url } = await this.#run(order, cancel.signal, () => undefined).catch(
      (error: unknown) => {
        if (error instanceof ControlError) throw error;
        const secrets = secretValues(order.env, order.secrets);
        throw new ControlError(502, 'SLOT_FAILED', cleanLine(messageOf(error), secrets));
      },
    );
    this.#predecessor = before;
    this.#process = process;
    this.#present = { ...this.#present, url, pid: process.pid, startedAt };
    if (!process.running()) await this.#ended(process, await process.ended, order);
    // Whoever gives the same order again is told of the process that runs now.
    if (this.#current !== undefined) this.#current.done = Promise.resolve(this.status);
    return this.status;
  }

  /** It ended without being told to: that is a failure, whatever its exit code says. */
  async #ended(process: SlotProcess, how: string, order: StartOrder): Promise<void> {
    // A start that fails is told by the start itself.
    if (this.#process !== process || this.#present.state === 'starting') return;
    this.#process = undefined;
    this.#current = undefined;
    this.#present = { ...this.#present, state: 'failed', url: null, pid: null, ended: how };
    const lines = await lastLines(
      this.#log,
      process.logFrom,
      secretValues(order.env, order.secrets),
    );
    if (this.#present.ended === how) this.#present = { ...this.#present, lastLines: lines };
  }

  async #failed(error: unknown, order: StartOrder): Promise<ControlError> {
    const from = this.#process?.logFrom;
    this.#process = undefined;
    const secrets = secretValues(order.env, order.secrets);
    const reason = cleanLine(messageOf(error), secrets);
    const lines = from === undefined ? [] : await lastLines(this.#log, from, secrets);
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
