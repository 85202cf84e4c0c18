import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { Plan } from '../../plan/plan.ts';
import { type RunResult, resumeRelease, startRelease } from '../../release/run-release.ts';
import type { ReleaseState } from '../../release/state.ts';
import { foldJournal } from '../../release/state.ts';
import { releaseDocument } from '../../report/json.ts';
import { releaseJUnit } from '../../report/junit.ts';
import { createRenderer, type Renderer } from '../../ui/renderer.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput, terminalOf } from '../output.ts';
import { openSession, type Session } from '../session.ts';

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

/** Runs a part of a release with a renderer on it, and shows how it ended. */
export async function runShown(
  io: Io,
  options: ReleaseOptions,
  run: (session: Session) => Promise<RunResult>,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  // With --json stdout belongs to the document: what is shown while it runs goes to stderr.
  const screen = output.json ? io.stderr : io.stdout;
  let renderer: Renderer | undefined;
  const session = await openSession(io, options, ({ plan }) => (entry) => {
    renderer ??= createRenderer({
      stdout: screen,
      stderr: io.stderr,
      terminal: terminalOf(screen, io, options),
      plan,
    });
    renderer.entry(entry);
  });
  try {
    const result = await run(session);
    await renderer?.end();
    await report(session, output, options, result.state);
    return result.exit;
  } finally {
    await renderer?.end();
    await session.close();
  }
}

async function report(
  session: Session,
  output: ReturnType<typeof openOutput>,
  options: ReleaseOptions,
  state: ReleaseState,
): Promise<void> {
  const { plan } = session.engine;
  output.document('release', releaseDocument(state, plan));
  if (options.junit !== undefined)
    await writeFileAtomic(options.junit, releaseJUnit(state, plan), 0o644);
  const ticket = state.documents.find((document) => document.kind === 'ticket');
  if (ticket !== undefined) output.text(`ticket: ${ticket.path}`);
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
  return runShown(io, options, async ({ engine }) => {
    const id = release ?? (await latestRelease(engine.store));
    const { until } = options;
    if (until !== undefined) requireStep(engine.plan, until);
    return resumeRelease(engine, id, until === undefined ? {} : { until });
  });
}

/** `aurora gate <step>`: one step of a release, for CI. Step 1 may create the release. */
export async function gateVerb(
  io: Io,
  step: number,
  options: ReleaseOptions & { readonly release?: string; readonly build?: string },
): Promise<ExitCode> {
  return runShown(io, options, async ({ engine }) => {
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
    if (verdict === 'go') return { release: state.id, exit: 0, state };
    const due = engine.plan.steps.find((s) => state.steps.get(s.step)?.verdict !== 'go')?.step;
    if (due !== step && state.status !== 'ended') {
      throw new AuroraError('RELEASE_STATE', `step ${step} is not due, step ${due} is`, {
        remedy: `Run \`aurora gate ${due} --release ${state.id}\` first: the plan's order holds.`,
      });
    }
    return resumeRelease(engine, options.release, { until: step });
  });
}
