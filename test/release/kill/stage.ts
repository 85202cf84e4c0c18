import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../../../src/release/events.ts';
import { type Builds, writeTemplate } from '../world-server/project.ts';
import type { Habits } from '../world-server/slot-host.ts';
import { type CompanyState, ordinaryDay } from '../world-server/state.ts';
import { bundleProgram, type Program } from './bundle.ts';
import { companyAsFound, outcomeOf } from './outcome.ts';
import { Trial } from './trial.ts';

/** The program and the project that all trials of a test file have in common. */
export class Stage {
  readonly #scenes: string[] = [];

  private constructor(
    readonly program: Program,
    readonly template: string,
    readonly builds: Builds,
  ) {}

  static async open(): Promise<Stage> {
    const template = await mkdtemp(join(tmpdir(), 'aurora-template-'));
    // Some tests run the program as another user.
    await chmod(template, 0o755);
    const [program, builds] = await Promise.all([bundleProgram(), writeTemplate(template)]);
    return new Stage(program, template, builds);
  }

  async close(): Promise<void> {
    await this.program.remove();
    for (const path of [this.template, ...this.#scenes]) await rm(path, { recursive: true });
  }

  /** A company on an ordinary day, or with these habits, for the time of one piece of work. */
  within<T>(work: (trial: Trial) => Promise<T>, habits: Habits = {}): Promise<T> {
    return this.#during(work, ordinaryDay(this.builds.stable), habits);
  }

  /**
   * A release that was killed before the first write that `wanted` takes, to begin many trials with:
   * what it had done by then and its files are kept.
   */
  async brokenOff(wanted: (entry: JournalEntry) => boolean, habits: Habits = {}): Promise<Scene> {
    const write = await this.within(async (trial) => {
      await trial.run({ verb: 'release' });
      return (await trial.entries()).find(wanted)?.seq;
    }, habits);
    if (write === undefined) throw new Error('no such write');
    const files = await mkdtemp(join(tmpdir(), 'aurora-scene-'));
    this.#scenes.push(files);
    return this.within(async (trial) => {
      const { signal } = await trial.run({ verb: 'release', kill: { write, moment: 'before' } });
      if (signal !== 'SIGKILL') throw new Error('it was not killed');
      for (const name of ['releases', 'leases']) {
        await cp(join(trial.directory, 'state', name), join(files, name), { recursive: true });
      }
      const release = await trial.release();
      return { files, release, habits, state: structuredClone(trial.company.state) };
    }, habits);
  }

  /** Goes on from a scene, in a company of its own. */
  async from<T>(scene: Scene, work: (trial: Trial) => Promise<T>): Promise<T> {
    const goOn = async (trial: Trial) => {
      await cp(scene.files, join(trial.directory, 'state'), { recursive: true });
      return work(trial);
    };
    return this.#during(goOn, scene.state, scene.habits);
  }

  async #during<T>(
    work: (trial: Trial) => Promise<T>,
    state: CompanyState,
    habits: Habits,
  ): Promise<T> {
    const trial = await Trial.open(this.program.path, this.template, state, habits);
    try {
      return await work(trial);
    } finally {
      await trial.close();
    }
  }
}

/** Where many trials begin. */
export interface Scene {
  /** Journal and leases. */
  readonly files: string;
  readonly release: string;
  readonly state: CompanyState;
  readonly habits: Habits;
}

/** What there is to compare at the end of two releases. */
export async function endOf(trial: Trial) {
  return {
    release: await outcomeOf(trial),
    company: companyAsFound(trial.company.state),
    changes: trial.company.changes,
  };
}
