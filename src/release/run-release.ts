import { AuroraError, hasCode } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { BuildAtHand } from '../effects/effect.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { Engine } from './engine.ts';
import type { BuildIdentity, Outcome } from './events.ts';
import type { Lease } from './lease.ts';
import { recordError } from './recorded-error.ts';
import { releaseId } from './release-id.ts';
import { ReleaseLog } from './release-log.ts';
import { rollBack } from './roll-back.ts';
import type { Run } from './run-context.ts';
import { buildText, runStep } from './run-step.ts';
import type { ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';

/** How a run ended. The release itself may go on later. */
export interface RunResult {
  readonly release: string;
  readonly exit: ExitCode;
  readonly state: ReleaseState;
}

/** Which part of the plan to carry out now. */
export interface RunSpan {
  /** Last step to carry out; the plan's last when left out. */
  readonly until?: number;
}

const outcomeExits = {
  released: 0,
  'no-go': 3,
  'rolled-back': 5,
  'rollback-incomplete': 6,
} as const satisfies Partial<Record<Outcome, ExitCode>>;

/** What production serves now, as the build store knows it; null at a first launch. */
async function stableBuild(engine: Engine): Promise<BuildIdentity | null> {
  const driver = await engine.services.driver(engine.plan.flags.environment);
  const [slots, traffic] = await Promise.all([
    driver.slots(engine.signal),
    driver.traffic(engine.signal),
  ]);
  const digest = slots.find((slot) => slot.slot === traffic.stable)?.build ?? null;
  if (digest === null) return null;
  const known = await engine.builds.byDigest(digest);
  return known === null
    ? { name: 'unknown', version: 'unknown', digest }
    : { name: known.name, version: known.version, digest };
}

/** Takes the right to change both environments; gives back what it took when it cannot. */
async function takeLeases(engine: Engine, release: string): Promise<readonly Lease[]> {
  const taken: Lease[] = [];
  try {
    for (const environment of ['production', 'staging']) {
      taken.push(await engine.leases.acquire(environment, release, engine.actor));
    }
    return taken;
  } catch (error) {
    await dropLeases(taken);
    throw error;
  }
}

async function dropLeases(leases: readonly Lease[]): Promise<void> {
  for (const lease of leases) await lease.release().catch(() => undefined);
}

function nextStep(state: ReleaseState, steps: readonly PlanStep[]): PlanStep | undefined {
  return steps.find((step) => state.steps.get(step.step)?.verdict !== 'go');
}

async function writeTicket(run: Run): Promise<void> {
  const { engine, log } = run;
  const id = log.state.id;
  const path = await engine.store.writeDocument(
    id,
    'ticket.md',
    engine.documents.ticket(log.state, log.entries),
  );
  if (!log.state.documents.some((document) => document.kind === 'ticket')) {
    await log.append('document.written', { kind: 'ticket', path });
  }
}

async function end(
  run: Run,
  outcome: keyof typeof outcomeExits,
  reason: string,
): Promise<ExitCode> {
  const exit = outcomeExits[outcome];
  await run.log.append('release.ended', { outcome, exit, reason });
  return exit;
}

async function hold(
  run: Run,
  step: number,
  waitsFor: 'approval' | 'evidence',
  reason: string,
): Promise<ExitCode> {
  await run.log.append('release.held', { step, reason, waitsFor });
  return 4;
}

async function rollBackRun(
  run: Run,
  step: PlanStep,
  reasons: readonly string[],
): Promise<ExitCode> {
  const reason = `step ${step.step} (${step.title}): ${reasons[0] ?? 'rolled back'}`;
  const result = await rollBack(run.engine, run.log, { reason, only: null });
  return end(run, result.complete ? 'rolled-back' : 'rollback-incomplete', reason);
}

async function writeNotes(run: Run): Promise<void> {
  const { engine, log } = run;
  const text = engine.documents.releaseNotes(log.state, log.entries);
  const path = await engine.store.writeDocument(log.state.id, 'release-notes.md', text);
  await log.append('document.written', { kind: 'release-notes', path });
}

/** Goes through the steps that are left. */
async function runSteps(run: Run, span: RunSpan): Promise<ExitCode> {
  const { engine, log } = run;
  for (;;) {
    const step = nextStep(log.state, engine.plan.steps);
    if (step === undefined) {
      await writeNotes(run);
      return end(run, 'released', `${buildText(run.candidate)} serves every customer`);
    }
    if (span.until !== undefined && step.step > span.until) return 0;
    const result = await runStep(run, step);
    const reasons = log.state.steps.get(step.step)?.reasons ?? [];
    if (result === 'waiting') {
      const who = log.state.steps.get(step.step)?.request;
      return hold(
        run,
        step.step,
        'approval',
        `waits for the word of ${who?.name ?? who?.role ?? 'a person'}`,
      );
    }
    if (result === 'no-go')
      return end(run, 'no-go', `step ${step.step} (${step.title}): ${reasons[0] ?? 'no-go'}`);
    if (result === 'rollback') return rollBackRun(run, step, reasons);
    if (result === 'hold')
      return hold(run, step.step, 'evidence', reasons[0] ?? 'more evidence is needed');
  }
}

/** Runs with journal and leases, and leaves both in order however it ends. */
async function runGuarded(
  engine: Engine,
  writer: JournalWriter,
  leases: readonly Lease[],
  candidate: BuildAtHand,
  begin: (log: ReleaseLog) => Promise<void>,
  span: RunSpan,
): Promise<RunResult> {
  const guard = async () => {
    for (const lease of leases) await lease.check();
  };
  const log = new ReleaseLog(writer, engine.onEntry, guard);
  const run: Run = { engine, log, candidate, guard };
  try {
    for (const [index, lease] of leases.entries()) {
      const environment = index === 0 ? 'production' : 'staging';
      await log.append('lease.acquired', { environment, fence: lease.fence, holder: engine.actor });
    }
    await begin(log);
    const exit = await runSteps(run, span);
    await writeTicket(run);
    return { release: log.state.id, exit, state: log.state };
  } catch (error) {
    await recordTrouble(run, error);
    throw error;
  } finally {
    await log.close().catch(() => undefined);
    await dropLeases(leases);
  }
}

/** Writes down why a run broke off, as far as it still may and can. */
async function recordTrouble(run: Run, error: unknown): Promise<void> {
  const { engine, log } = run;
  if (hasCode(error, 'LEASE_LOST') || hasCode(error, 'STORE_FAILED')) return;
  const step = log.state.current;
  try {
    if (engine.signal.aborted) {
      await log.append('release.interrupted', { step, signal: 'SIGINT' });
    } else {
      await log.append('release.failed', { step, error: recordError(error) });
    }
    await writeTicket(run);
  } catch {
    // The first error is the one that matters.
  }
}

/** Starts a release of a build: verified and known before anything is changed. */
export async function startRelease(
  engine: Engine,
  selector: string,
  span: RunSpan = {},
): Promise<RunResult> {
  const candidate = await engine.builds.find(selector);
  const id = releaseId(engine.clock.now(), candidate.version);
  const leases = await takeLeases(engine, id);
  let writer: JournalWriter;
  let stable: BuildIdentity | null;
  try {
    stable = await stableBuild(engine);
    writer = await engine.store.create(id, engine.actor);
  } catch (error) {
    await dropLeases(leases);
    throw error;
  }
  const { name, version, digest } = candidate;
  const begin = (log: ReleaseLog) =>
    log.append('release.created', {
      project: engine.project,
      build: { name, version, digest },
      stable: stable?.digest === digest ? null : stable,
      plan: {
        version: engine.plan.version,
        digest: engine.plan.digest,
        directory: engine.plan.directory,
      },
      timeScale: engine.timeScale,
      rehearsal: engine.rehearsal,
      connect: engine.connect,
    });
  return runGuarded(engine, writer, leases, candidate, begin, span);
}

/** Goes on with a release where it stands: running effects are unknown and probed. */
export async function resumeRelease(
  engine: Engine,
  release: string,
  span: RunSpan = {},
): Promise<RunResult> {
  const { foldJournal } = await import('./state.ts');
  const before = foldJournal(release, await engine.store.read(release));
  if (before.status === 'ended' || before.rollback !== null || before.created === null) {
    const how = before.outcome ?? (before.rollback === null ? 'never begun' : 'rolling back');
    throw new AuroraError('RELEASE_STATE', `release ${release} cannot go on: ${how}`, {
      remedy: 'Start a new release, or finish a broken-off rollback with `aurora rollback`.',
    });
  }
  if (before.created.plan.digest !== engine.plan.digest) {
    throw new AuroraError('RELEASE_STATE', `the plan was changed since release ${release} began`, {
      where: engine.plan.directory,
      remedy: 'Restore the checklists as they were, or start a new release under the new plan.',
    });
  }
  const candidate = await engine.builds.find(before.created.build.digest);
  const identity = {
    ...candidate,
    name: before.created.build.name,
    version: before.created.build.version,
  };
  const leases = await takeLeases(engine, release);
  let writer: JournalWriter;
  try {
    writer = await engine.store.open(release, engine.actor);
  } catch (error) {
    await dropLeases(leases);
    throw error;
  }
  const from = nextStep(before, engine.plan.steps)?.step ?? engine.plan.steps.length;
  return runGuarded(
    engine,
    writer,
    leases,
    identity,
    (log) => log.append('release.resumed', { from }),
    span,
  );
}
