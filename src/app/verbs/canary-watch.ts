import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import type { Verdict } from '../../checks/check.ts';
import type { EventType, JournalEntry } from '../../release/events.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import { nextLine, nextStep } from '../../report/next-step.ts';
import {
  exitOfOutcome,
  exitOfVerdict,
  lookDocument,
  unwatchedWords,
  watchEndedIn,
  watchedStep,
} from '../../report/watched.ts';
import { type CanaryView, createCanaryView } from '../../ui/canary-view.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { type Output, openOutput } from '../output.ts';
import { type Reading, withReading } from '../reading.ts';

/** Options of `canary watch`. */
export interface CanaryWatchOptions extends RunOptions {
  readonly wait?: boolean;
}

/** Whether its holder still lives shows in no change of the release: it is looked for besides. */
const lookAgainMs = 2_000;

/** What of a step belongs to its watch. */
const shown: ReadonlySet<EventType> = new Set([
  'step.started',
  'watch.progress',
  'check.done',
  'step.ended',
  'release.held',
  'release.interrupted',
]);

/** Looks in a row that must find nobody: a process that begins has its lease a moment later. */
const gone = 2;

/** `aurora canary watch [release]`: the watch of a release that another process carries out. */
export async function canaryWatchVerb(
  io: Io,
  release: string | undefined,
  options: CanaryWatchOptions,
): Promise<ExitCode> {
  return withReading<ExitCode>(io, options, async (reading) => {
    const { store, signal } = reading;
    const output = openOutput(io, options);
    const id = release ?? (await latestRelease(store));
    const following = new Following(io, options, reading, output, id);
    try {
      return await following.follow();
    } catch (error) {
      if (!signal.aborted) throw error;
      await following.end();
      output.remark(`you no longer watch; release ${id} goes on`);
      return 130;
    } finally {
      await following.end();
    }
  });
}

/** Follows one release until its watch has ended. */
class Following {
  #step: number | null = null;
  #view: CanaryView | null = null;
  /** Entries that were there when the waiting began, then those that were shown. */
  #seen: number | null = null;
  #absent = 0;

  constructor(
    private readonly io: Io,
    private readonly options: CanaryWatchOptions,
    private readonly reading: Reading,
    private readonly output: Output,
    private readonly id: string,
  ) {}

  async follow(): Promise<ExitCode> {
    const { store, signal } = this.reading;
    for (;;) {
      signal.throwIfAborted();
      const entries = await store.read(this.id);
      const state = foldJournal(this.id, entries);
      const ended = (await this.#take(entries, state)) ?? (await this.#whenAbandoned(state));
      if (ended !== null) return ended;
      await store.changed(this.id, signal, lookAgainMs);
    }
  }

  /** May be called more than once. */
  async end(): Promise<void> {
    await this.#view?.end();
    this.#view = null;
  }

  /** Shows what is new; the exit code when the watch is over. */
  async #take(entries: readonly JournalEntry[], state: ReleaseState): Promise<ExitCode | null> {
    const step = this.#step ?? this.#find(entries, state);
    if (step === null) return null;
    const fresh = entries.slice(this.#seen ?? 0);
    this.#seen = entries.length;
    for (const entry of fresh) {
      if (!isOf(entry, step)) continue;
      this.#show(entry, step, state);
      if (entry.type === 'step.ended') return this.#ended(step, state);
    }
    return state.status === 'ended' ? this.#ended(step, state) : null;
  }

  /** The step to follow, shown from its beginning on. NOT_WATCHED when there is none to wait for. */
  #find(entries: readonly JournalEntry[], state: ReleaseState): number | null {
    const { plan } = this.reading;
    const since = entries.slice(this.#seen ?? entries.length);
    const found = watchedStep(state, plan)?.step ?? watchEndedIn(since, state);
    if (found === null) {
      this.#wait(state);
      this.#seen ??= entries.length;
      return null;
    }
    this.#step = found;
    this.#seen = entries.findLastIndex(
      (entry) => entry.type === 'step.started' && entry.data.step === found,
    );
    const { stdout, stderr } = this.io;
    this.#view = createCanaryView(found, { stdout, stderr, terminal: this.output.terminal, plan });
    return found;
  }

  #wait(state: ReleaseState): void {
    const words = unwatchedWords(state, this.reading.plan);
    if (this.options.wait !== true || state.status === 'ended') {
      const remedy =
        state.status === 'ended' ? { remedy: `See it with: aurora status ${this.id}` } : {};
      throw new AuroraError('NOT_WATCHED', words, remedy);
    }
    if (this.#seen === null) this.output.remark(`${words}; waiting for the next watch`);
  }

  #show(entry: JournalEntry, step: number, state: ReleaseState): void {
    if (!this.output.json) this.#view?.entry(entry, state);
    if (!this.output.json || entry.type !== 'watch.progress') return;
    const look = lookDocument(this.id, step, { at: entry.at, data: entry.data.data ?? {} });
    if (look !== null) this.output.documentLine('canary-look', look);
  }

  async #ended(step: number, state: ReleaseState): Promise<ExitCode> {
    const { verdict = null, reasons = [] } = state.steps.get(step) ?? {};
    await this.end();
    this.output.documentLine('canary-verdict', { release: this.id, step, verdict, reasons });
    // A log has told the reasons with the end of the step.
    const told = this.output.terminal.live && verdict !== 'go' ? reasons : [];
    const next = verdict === null ? 'it has ended' : afterwards[verdict];
    this.output.text([...told.map((reason) => `- ${reason}`), `${next}: aurora status ${this.id}`]);
    return verdict === null ? exitOfOutcome(state.outcome) : exitOfVerdict(verdict);
  }

  /** A release that nobody carries out any more looks no more, until somebody resumes it. */
  async #whenAbandoned(state: ReleaseState): Promise<ExitCode | null> {
    if (this.#step === null || this.options.wait === true) return null;
    const { leases, plan } = this.reading;
    const holder = await leases.holder(plan.flags.environment);
    this.#absent = holder?.release === this.id ? 0 : this.#absent + 1;
    if (this.#absent < gone) return null;
    await this.end();
    this.output.remark(`no process works on release ${this.id} any more`);
    this.output.text(nextLine(nextStep(state, plan, { alive: false })));
    return 4;
  }
}

const afterwards: Readonly<Record<Verdict, string>> = {
  go: 'go: the release goes on',
  'no-go': 'no-go: the release ends, and what the step did is undone',
  hold: 'it holds, and what is missing is told by',
  rollback: 'red: the release is being rolled back',
};

function isOf(entry: JournalEntry, step: number): boolean {
  return shown.has(entry.type) && 'step' in entry.data && entry.data.step === step;
}
