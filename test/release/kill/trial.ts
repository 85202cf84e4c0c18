import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { approveVerb } from '../../../src/app/verbs/approve.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { environmentNames } from '../../../src/base/environments.ts';
import { isAlive } from '../../../src/base/process.ts';
import type { JournalEntry } from '../../../src/release/events.ts';
import { FileLeaseStore } from '../../../src/release/file-lease-store.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import { foldJournal } from '../../../src/release/state.ts';
import { Company } from '../world-server/company.ts';
import { managersKey, variablesOf, writeProject } from '../world-server/project.ts';
import type { Habits } from '../world-server/slot-host.ts';
import type { CompanyState } from '../world-server/state.ts';
import type { Order } from './program.ts';

/** How a run of the program ended. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run of the program may not do. */
export interface Limits {
  /** No file may grow beyond this; the system refuses every byte more. */
  readonly fileKilobytes?: number;
  /** Another user to run as. */
  readonly user?: number | undefined;
}

class Nowhere extends Writable {
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}

/** Short lives: what they leave behind need not be collected. */
const nodeOptions = ['--max-semi-space-size=64'];

/** One company with one project directory, and the processes that work on it one after another. */
export class Trial {
  readonly store: FileStore;
  /** Bindings that the product manager has given her word for. */
  readonly #answered = new Set<string>();
  #word: Promise<void> = Promise.resolve();
  #child: ChildProcess | undefined;

  private constructor(
    readonly directory: string,
    readonly company: Company,
    private readonly program: string,
    private readonly config: string,
  ) {
    this.store = new FileStore(join(directory, 'state'), systemClock);
  }

  static async open(
    program: string,
    template: string,
    state: CompanyState,
    habits: Habits = {},
  ): Promise<Trial> {
    const directory = await mkdtemp(join(tmpdir(), 'aurora-trial-'));
    const company = await new Company(structuredClone(state), habits).open();
    const config = await writeProject(template, directory, company);
    if (habits.silentLog === true) await writeFile(join(directory, 'staging.jsonl'), '');
    return new Trial(directory, company, program, config);
  }

  async close(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.company.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Kills the process that runs now, from outside. */
  killNow(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Runs the program to its end, however it comes; a word that is asked for is given. */
  async run(order: Omit<Order, 'config'>, limits: Limits = {}): Promise<Ran> {
    await this.#giveWord();
    const { fileKilobytes, user } = limits;
    const words = [...nodeOptions, this.program, JSON.stringify({ ...order, config: this.config })];
    const [file, argv] =
      fileKilobytes === undefined
        ? [process.execPath, words]
        : [
            'bash',
            ['-c', `ulimit -f ${fileKilobytes}; exec "$0" "$@"`, process.execPath, ...words],
          ];
    const child = spawn(file, argv, {
      env: {
        PATH: process.env.PATH,
        HOME: this.directory,
        XDG_CACHE_HOME: join(dirname(this.program), 'cache'),
        ...variablesOf(this.company),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    this.#child = child;
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (chunk.includes('asked')) this.#word = this.#word.then(() => this.#giveWord());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code, signal] = await ended;
    await this.#word;
    return { code, signal, stdout, stderr };
  }

  /** The release that got furthest: names of the same second have no order. */
  async release(): Promise<string> {
    const length = async (id: string) => (await this.store.text(id)).text.length;
    const all = await Promise.all(
      (await this.store.list()).map(async (id) => ({ id, length: await length(id) })),
    );
    return all.sort((a, b) => b.length - a.length)[0]?.id ?? '';
  }

  /** The journal, its chain verified. */
  async entries(): Promise<readonly JournalEntry[]> {
    return this.store.read(await this.release());
  }

  /** Whether every lease has been given back, or is a dead process's, which stops nobody. */
  async leases(): Promise<'given back' | 'left by the dead' | 'held'> {
    const store = new FileLeaseStore(join(this.directory, 'state'));
    const records = await Promise.all(environmentNames.map((name) => store.read(name)));
    const holders = records.flatMap(({ holder }) => (holder === null ? [] : [holder]));
    if (holders.length === 0) return 'given back';
    return holders.some(({ pid }) => isAlive(pid)) ? 'held' : 'left by the dead';
  }

  /** What the product manager does when she is asked: `aurora approve`, once for each question. */
  async #giveWord(): Promise<void> {
    const id = await this.release();
    if (id === '') return;
    // Of a journal that was tampered with nobody is asked anything.
    const entries = await this.store.read(id).catch(() => []);
    const { steps, status } = foldJournal(id, entries);
    const waits = [...steps.values()].find((step) => step.request && step.approvals.length === 0);
    const request = waits?.request ?? null;
    if (request === null || status === 'ended' || this.#answered.has(request.binding.nonce)) return;
    this.#answered.add(request.binding.nonce);
    const io = {
      stdout: new Nowhere(),
      stderr: new Nowhere(),
      stdin: {},
      variables: variablesOf(this.company),
      workingDirectory: this.directory,
    };
    const key = join(this.directory, managersKey);
    await approveVerb(io, id, { config: this.config, step: request.step, key });
  }
}
