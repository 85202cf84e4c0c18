import { resolve } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { Plan } from '../../plan/plan.ts';
import { type RunResult, resumeRelease, startRelease } from '../../release/run-release.ts';
import { foldJournal } from '../../release/state.ts';
import { releaseDocument } from '../../report/json.ts';
import { releaseJUnit } from '../../report/junit.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput } from '../output.ts';
import { openSession, type Session } from '../session.ts';
import { openShown, type Shown } from '../shown.ts';

/** Options of `release`, `resume` and `gate`. */
export interface ReleaseOptions extends RunOptions {
  readonly dryRun?: boolean;
  readonly junit?: string;
  readonly until?: number;
}

/** The plan has this step, or STEP_UNKNOWN. */
export function requireStep(plan: Plan, step: number): void {
  if (plan.steps.some((s) => s.step === step)) return;
  throw new AuroraError('STEP_UNKNOWN', `there is no step ${step}`, {
    remedy: `The plan has steps 1 to ${plan.steps.length}; \`aurora plan show\` lists them.`,
  });
}

/** Runs a part of a release on the screen, and writes what CI asked for. */
export async function runShown(
  io: Io,
  options: ReleaseOptions,
  run: (session: Session, shown: Shown) => Promise<RunResult>,
): Promise<ExitCode> {
  const shown = openShown(io, options);
  const session = await openSession(io, options, shown.listen);
  const { plan } = session.engine;
  try {
    const { exit, state, notes } = await run(session, shown);
    await shown.end();
    const output = openOutput(io, options);
    for (const note of notes) output.remark(`note: ${note}`);
    output.document('release', releaseDocument(state, plan));
    if (options.junit !== undefined) {
      const path = resolve(io.workingDirectory, options.junit);
      await writeFileAtomic(path, releaseJUnit(state, plan), 0o644);
    }
    return exit;
  } finally {
    await shown.end();
    await session.close();
  }
}

/** Goes on with a release, its steps so far on the screen. */
async function goOn(
  session: Session,
  shown: Shown,
  id: string,
  until?: number,
): Promise<RunResult> {
  const { engine } = session;
  shown.begin(foldJournal(id, await engine.store.read(id)));
  return resumeRelease(engine, id, until === undefined ? {} : { until });
}

/** `aurora release <build>` */
export async function releaseVerb(
  io: Io,
  build: string,
  options: ReleaseOptions,
): Promise<ExitCode> {
  if (options.dryRun === true)
    return (await import('./dry-run.ts')).dryRunRelease(io, build, options);
  return runShown(io, options, ({ engine }) => {
    const { until } = options;
    if (until !== undefined) requireStep(engine.plan, until);
    return startRelease(engine, build, until === undefined ? {} : { until });
  });
}

/** `aurora resume [release]` */
export async function resumeVerb(
  io: Io,
  release: string | undefined,
  options: ReleaseOptions,
): Promise<ExitCode> {
  return runShown(io, options, async (session, shown) => {
    const { engine } = session;
    const id = release ?? (await latestRelease(engine.store));
    if (options.until !== undefined) requireStep(engine.plan, options.until);
    return goOn(session, shown, id, options.until);
  });
}

/** `aurora gate <step>`: one step of a release, for CI. Step 1 may create the release. */
export async function gateVerb(
  io: Io,
  step: number,
  options: ReleaseOptions & { readonly release?: string; readonly build?: string },
): Promise<ExitCode> {
  return runShown(io, options, async (session, shown) => {
    const { engine } = session;
    requireStep(engine.plan, step);
    if (options.release === undefined) {
      if (step === 1 && options.build !== undefined)
        return startRelease(engine, options.build, { until: 1 });
      throw new AuroraError('USAGE', `gate ${step} needs --release <id>`, {
        remedy: 'Only gate 1 begins a release: `aurora gate 1 --build <build>`.',
      });
    }
    const state = foldJournal(options.release, await engine.store.read(options.release));
    const verdict = state.steps.get(step)?.verdict;
    if (verdict === 'go') return { release: state.id, exit: 0, state, notes: [] };
    const due = engine.plan.steps.find((s) => state.steps.get(s.step)?.verdict !== 'go')?.step;
    if (due !== step && state.status !== 'ended') {
      throw new AuroraError('RELEASE_STATE', `step ${step} is not due, step ${due} is`, {
        remedy: `Run \`aurora gate ${due} --release ${state.id}\` first: the plan's order holds.`,
      });
    }
    return goOn(session, shown, options.release, step);
  });
}
