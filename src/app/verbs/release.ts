import { AuroraError } from '../../base/errors.ts';
import { asExitCode, type ExitCode } from '../../base/exit-codes.ts';
import type { Plan } from '../../plan/plan.ts';
import type { AskHere } from '../../release/ask-here.ts';
import type { Engine } from '../../release/engine.ts';
import { type RunResult, resumeRelease, startRelease } from '../../release/run-release.ts';
import type { RunSpan } from '../../release/run-steps.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import type { Decide } from '../../release/trouble.ts';
import { releaseDocument } from '../../report/json.ts';
import {
  type CiOptions,
  type Reported,
  requireArtifacts,
  wantsReport,
  writeCiReport,
} from '../ci-report.ts';
import type { RunOptions } from '../globals.ts';
import { guideOf } from '../guide.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput } from '../output.ts';
import { openSession, type Session } from '../session.ts';
import { openShown, type Shown } from '../shown.ts';
import { type HeldOptions, whenHeldOf } from '../when-held.ts';
import { wordHereOf } from '../word-here.ts';

/** Options of `release`, `resume` and `gate`. */
export interface ReleaseOptions extends RunOptions, HeldOptions, Omit<CiOptions, 'json'> {
  readonly dryRun?: boolean;
  readonly until?: number;
  /** First step to carry out. */
  readonly from?: number;
  /** Why a freeze window, or a step that is passed over, should not hold it up. */
  readonly override?: string;
}

/** The part of the plan that is meant. STEP_UNKNOWN, or USAGE where it ends before it begins. */
function spanOf({ plan }: Engine, { until, from, override }: ReleaseOptions): RunSpan {
  if (until !== undefined) requireStep(plan, until);
  if (from !== undefined) requireStep(plan, from);
  if (until !== undefined && from !== undefined && until < from) {
    throw new AuroraError('USAGE', `--until ${until} ends before --from ${from} begins`);
  }
  return {
    ...(until === undefined ? {} : { until }),
    ...(from === undefined ? {} : { from }),
    ...(override === undefined ? {} : { override }),
  };
}

/** The plan has this step, or STEP_UNKNOWN. */
export function requireStep(plan: Plan, step: number): void {
  if (plan.steps.some((s) => s.step === step)) return;
  throw new AuroraError('STEP_UNKNOWN', `there is no step ${step}`, {
    remedy: `The plan has steps 1 to ${plan.steps.length}; \`aurora plan show\` lists them.`,
  });
}

/** The session with somebody to ask, where somebody sits at the terminal. */
function guided(
  session: Session,
  decide: Decide | undefined,
  askHere: AskHere | undefined,
): Session {
  if (decide === undefined || askHere === undefined) return session;
  return { ...session, engine: { ...session.engine, decide, askHere } };
}

/** The session with what is to be done about leases that another release holds. */
function patient(io: Io, options: ReleaseOptions, session: Session): Session {
  const whenHeld = whenHeldOf(io, options, session.engine);
  if (whenHeld === undefined) return session;
  return { ...session, engine: { ...session.engine, whenHeld } };
}

/** Of a run that broke off: CI still learns which release it was, and how far it came. */
async function reportTrouble(
  io: Io,
  options: ReleaseOptions,
  { engine }: Session,
  about: { readonly release: string | null; readonly error: unknown; readonly step?: number },
): Promise<void> {
  const { release, error, ...of } = about;
  if (release === null || !wantsReport(io, options)) return;
  const exit = error instanceof AuroraError ? error.exitCode : 1;
  try {
    const state = foldJournal(release, await engine.store.read(release));
    await writeCiReport(io, options, { state, plan: engine.plan, exit, ...of });
  } catch {
    // What broke it off is what counts, and is told at the one exit point.
  }
}

/** Runs a part of a release on the screen, and writes what CI asked for. */
export async function runShown(
  io: Io,
  options: ReleaseOptions,
  run: (session: Session, shown: Shown) => Promise<RunResult>,
  of: Pick<Reported, 'step'> = {},
): Promise<ExitCode> {
  await requireArtifacts(io, options);
  const shown = openShown(io, options);
  const session = guided(
    await openSession(io, options, shown.listen),
    guideOf(io, options, shown),
    wordHereOf(io, options, shown),
  );
  const { plan } = session.engine;
  try {
    const { exit, state, notes } = await run(patient(io, options, session), shown);
    await shown.end();
    const output = openOutput(io, options);
    const missing = await writeCiReport(io, options, { state, plan, exit, ...of });
    for (const note of [...notes, ...missing]) output.remark(`note: ${note}`);
    output.document('release', releaseDocument(state, plan));
    return exit;
  } catch (error) {
    await shown.end();
    await reportTrouble(io, options, session, { release: shown.release(), error, ...of });
    throw error;
  } finally {
    await shown.end();
    await session.close();
  }
}

/** Goes on with a release, its steps so far on the screen. */
async function goOn(session: Session, shown: Shown, id: string, span: RunSpan): Promise<RunResult> {
  const { engine } = session;
  shown.begin(foldJournal(id, await engine.store.read(id)));
  return resumeRelease(engine, id, span);
}

/** `aurora release <build>` */
export async function releaseVerb(
  io: Io,
  build: string,
  options: ReleaseOptions,
): Promise<ExitCode> {
  if (options.dryRun === true)
    return (await import('./dry-run.ts')).dryRunRelease(io, build, options);
  return runShown(io, options, ({ engine }) =>
    startRelease(engine, build, spanOf(engine, options)),
  );
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
    return goOn(session, shown, id, spanOf(engine, options));
  });
}

/**
 * What a gate came to when it ran before, so that CI may run it again: it was a go, or the release
 * ended at it. Null where it is still to be run.
 */
function gateBefore(state: ReleaseState, step: number): ExitCode | null {
  const { verdict } = state.steps.get(step) ?? {};
  if (verdict === 'go') return 0;
  const here = Math.max(...state.steps.keys()) === step;
  return here && state.ended !== null ? asExitCode(state.ended.exit) : null;
}

/** The gate that is to be run next. RELEASE_STATE when it is another one, or none any more. */
function requireDue({ steps }: Plan, state: ReleaseState, step: number): void {
  const due = steps.find((s) => state.steps.get(s.step)?.verdict !== 'go')?.step;
  if (due === step) return;
  const { ended } = state;
  if (ended !== null) {
    const message = `step ${step} was not reached: release ${state.id} has ended (${ended.outcome})`;
    throw new AuroraError('RELEASE_STATE', message, { remedy: ended.reason });
  }
  throw new AuroraError('RELEASE_STATE', `step ${step} is not due, step ${due} is`, {
    remedy: `Run \`aurora gate ${due} --release ${state.id}\` first: the plan's order holds.`,
  });
}

/** `aurora gate <step>`: one step of a release, for CI. Step 1 may create the release. */
export async function gateVerb(
  io: Io,
  step: number,
  options: ReleaseOptions & { readonly release?: string; readonly build?: string },
): Promise<ExitCode> {
  const gate = async (session: Session, shown: Shown): Promise<RunResult> => {
    const { engine } = session;
    requireStep(engine.plan, step);
    const span = spanOf(engine, { ...options, until: step });
    if (options.release === undefined) {
      if (step === 1 && options.build !== undefined)
        return startRelease(engine, options.build, span);
      throw new AuroraError('USAGE', `gate ${step} needs --release <id>`, {
        remedy: 'Only gate 1 begins a release: `aurora gate 1 --build <build>`.',
      });
    }
    const state = foldJournal(options.release, await engine.store.read(options.release));
    const before = gateBefore(state, step);
    if (before !== null) return { release: state.id, exit: before, state, notes: [] };
    requireDue(engine.plan, state, step);
    return goOn(session, shown, options.release, span);
  };
  return runShown(io, options, gate, { step });
}
