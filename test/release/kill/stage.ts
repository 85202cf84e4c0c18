import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Builds, writeTemplate } from '../world-server/project.ts';
import type { Habits } from '../world-server/slot-host.ts';
import { ordinaryDay } from '../world-server/state.ts';
import { bundleProgram, type Program } from './bundle.ts';
import { companyAsFound, outcomeOf } from './outcome.ts';
import { Trial } from './trial.ts';

/** The program and the project that all trials of a test file have in common. */
export class Stage {
  private constructor(
    readonly program: Program,
    readonly template: string,
    readonly builds: Builds,
  ) {}

  static async open(): Promise<Stage> {
    const template = await mkdtemp(join(tmpdir(), 'aurora-template-'));
    const [program, builds] = await Promise.all([bundleProgram(), writeTemplate(template)]);
    return new Stage(program, template, builds);
  }

  async close(): Promise<void> {
    await this.program.remove();
    await rm(this.template, { recursive: true });
  }

  /** A company on an ordinary day, or with these habits, for the time of one piece of work. */
  async within<T>(
    work: (trial: Trial) => Promise<T>,
    habits: Habits = {},
    state = ordinaryDay(this.builds.stable),
  ): Promise<T> {
    const trial = await Trial.open(this.program.path, this.template, state, habits);
    try {
      return await work(trial);
    } finally {
      await trial.close();
    }
  }
}

/** What there is to compare at the end of two releases. */
export async function endOf(trial: Trial) {
  return {
    release: await outcomeOf(trial),
    company: companyAsFound(trial.company.state),
    changes: trial.company.changes,
  };
}
