import { setMaxListeners } from 'node:events';
import { AuroraError, hasCode, messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { BuildAtHand } from '../effects/effect.ts';
import { fingerprint } from '../proof/ssh/public-key.ts';
import { requireAbortable, requireOpen } from './abort.ts';
import type { Engine } from './engine.ts';
import type { BuildIdentity } from './events.ts';
import { followWish } from './follow-wish.ts';
import { passFreezesAgain } from './freeze-gate.ts';
import type { WishNote } from './inbox.ts';
import { finishPapers, lacksTicket } from './papers.ts';
import { recordError } from './recorded-error.ts';
import { releaseId } from './release-id.ts';
import { ReleaseLog } from './release-log.ts';
import { keptText } from './rescue-files.ts';
import { resumeFrom } from './resume-from.ts';
import { acquired, takeRight } from './right-to-act.ts';
import type { Run } from './run-context.ts';
import { type RunSpan, runSteps, writeTicket } from './run-steps.ts';
import { foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';
import { type TakenOn, takeOn } from './take-on.ts';
import { OwnerTelling } from './tell-owner.ts';
import { signWays, writeWays } from './ways.ts';
import { oldWishes, watchWishes } from './wishes.ts';

/** How a run ended. The release itself may go on later. */
export interface RunResult {
  readonly release: string;
  readonly exit: ExitCode;
  readonly state: ReleaseState;
  /** What did not work on the way and does not touch the customers. */
  readonly notes: readonly string[];
}

/** What production serves now, as the build store knows it; null at a first launch. */
export async function stableBuild(engine: Engine): Promise<BuildIdentity | null> {
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

/** What a run is made of, once it may begin. */
interface Beginning {
  readonly leases: TakenOn;
  readonly candidate: BuildAtHand;
  readonly open: () => Promise<JournalWriter>;
  /** The first entry of this run. */
  readonly begin: (log: ReleaseLog) => Promise<void>;
  /** Wishes from before it, which it passes over; asked when the journal is open. */
  readonly oldWishes: () => Promise<ReadonlySet<string>>;
}

/** What is done with the release, and the exit code that it comes to. */
type Work = (run: Run) => Promise<ExitCode>;

async function carryOut(run: Run, beginning: Beginning, work: Work): Promise<RunResult> {
  const { engine, log } = run;
  for (const { environment, lease } of beginning.leases.held) {
    await log.append('lease.acquired', acquired(environment, lease, engine.actor));
  }
  await beginning.begin(log);
  const exit = await work(run);
  await run.telling.finish();
  const notes: string[] = [...beginning.leases.notes];
  await writeTicket(run).catch((error: unknown) => {
    // After a rollback with a full disk the exit code must still tell of the rollback.
    if (log.rescuedTo === null) throw error;
    notes.push(`the ticket could not be written: ${messageOf(error)}`);
  });
  if (log.rescuedTo !== null) notes.push(keptText(log.rescuedTo));
  return { release: log.state.id, exit, state: log.state, notes };
}

/** Runs with journal and leases, and leaves both in order however it ends. */
async function runGuarded(engine: Engine, beginning: Beginning, work: Work): Promise<RunResult> {
  const { leases, candidate } = beginning;
  const right = takeRight(engine, leases);
  try {
    const writer = await beginning.open();
    const log = new ReleaseLog(writer, engine.onEntry, right.check);
    const wishes = watchWishes(engine.store, log.state.id, await beginning.oldWishes());
    const signal = AbortSignal.any([engine.signal, wishes.signal, right.lost]);
    setMaxListeners(0, signal);
    const telling = new OwnerTelling(engine, log);
    const run: Run = { engine, log, candidate, guard: right.check, right, signal, telling };
    try {
      return await carryOut(run, beginning, work);
    } catch (error) {
      await telling.finish().catch(() => undefined);
      await recordTrouble(run, error);
      throw error;
    } finally {
      wishes.end();
      await log.close().catch(() => undefined);
    }
  } finally {
    await leases.drop();
    right.end();
  }
}

/** The name of the signal that ended the run: `SIGINT`. */
function signalName(signal: AbortSignal): string {
  return /\bSIG[A-Z]+\b/.exec(messageOf(signal.reason))?.[0] ?? 'abort';
}

/** Writes down why a run broke off, as far as it still may and can. */
async function recordTrouble(run: Run, error: unknown): Promise<void> {
  const { engine, log } = run;
  if (hasCode(error, 'LEASE_LOST') || hasCode(error, 'STORE_FAILED')) return;
  const step = log.state.current;
  try {
    if (engine.signal.aborted) {
      await log.append('release.interrupted', { step, signal: signalName(engine.signal) });
    } else {
      await log.append('release.failed', { step, error: recordError(error) });
    }
    await writeTicket(run);
  } catch {
    // The first error is the one that matters.
  }
}

/** Fingerprint of the key of whoever starts a release: two names may be one person, two keys rarely. */
async function keyOfStarter(engine: Engine): Promise<string | null> {
  const signer = await engine.signer().catch(() => null);
  return signer === null ? null : fingerprint(signer.key);
}

/** Starts a release of a build: verified and known before anything is changed. */
export async function startRelease(
  engine: Engine,
  selector: string,
  span: RunSpan = {},
): Promise<RunResult> {
  const { plan } = engine;
  const candidate = await engine.builds.find(selector);
  const id = releaseId(engine.clock.now(), candidate.version);
  const ways = await signWays(engine, { release: id, build: candidate.digest }, span);
  const leases = await takeOn(engine, id, engine.whenHeld);
  const { name, version, digest } = candidate;
  const starterKey = await keyOfStarter(engine);
  let stable: BuildIdentity | null = null;
  const open = async () => {
    stable = await stableBuild(engine);
    return engine.store.create(id, engine.actor);
  };
  const begin = async (log: ReleaseLog) => {
    await log.append('release.created', {
      project: engine.project,
      build: { name, version, digest },
      stable: stable?.digest === digest ? null : stable,
      plan: { version: plan.version, digest: plan.digest, directory: plan.directory },
      timeScale: engine.timeScale,
      rehearsal: engine.rehearsal,
      connect: engine.connect,
      ...(starterKey === null ? {} : { starterKey }),
    });
    await writeWays(log, ways);
  };
  const none = async () => new Set<string>();
  const beginning = { leases, candidate, open, begin, oldWishes: none };
  return runGuarded(engine, beginning, (run) => runSteps(run, span));
}

/** What a release was created with, if it can go on under this plan. RELEASE_STATE. */
function requireResumable({ plan }: Engine, state: ReleaseState) {
  const { created, rollback, outcome } = state;
  if (created === null || rollback !== null || state.status === 'ended') {
    const rolledBack = state.place === 'switched-off' ? 'its flags are off' : 'rolling back';
    const how = outcome ?? (rollback === null ? 'never begun' : rolledBack);
    throw new AuroraError('RELEASE_STATE', `release ${state.id} cannot go on: ${how}`, {
      remedy: 'Start a new release, or finish a broken-off rollback with `aurora rollback`.',
    });
  }
  if (created.plan.digest !== plan.digest) {
    throw new AuroraError('RELEASE_STATE', `the plan was changed since release ${state.id} began`, {
      where: plan.directory,
      remedy: 'Restore the checklists as they were, or start a new release under the new plan.',
    });
  }
  return created;
}

/**
 * Opens the journal of a release whose lease is held, and looks again whether it may go on: another
 * process may have worked on it until the lease was free.
 */
async function openStanding(
  { store, actor }: Engine,
  release: string,
  require: (now: ReleaseState) => unknown,
): Promise<JournalWriter> {
  const writer = await store.open(release, actor);
  try {
    require(foldJournal(release, writer.entries));
    return writer;
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/**
 * Goes on with a release where it stands: running effects are unknown and probed. One that ended and
 * could not write its ticket any more does that.
 */
export async function resumeRelease(
  engine: Engine,
  release: string,
  span: RunSpan = {},
): Promise<RunResult> {
  const entries = await engine.store.read(release);
  const before = foldJournal(release, entries);
  if (lacksTicket(before, entries)) return finishPapers(engine, release);
  const { build } = requireResumable(engine, before);
  const found = await engine.builds.find(build.digest);
  const candidate = { ...found, name: build.name, version: build.version };
  const overrides = await passFreezesAgain(engine, before, span.override ?? null);
  // Refused before anybody is waited for or overtaken.
  resumeFrom(engine, before, span);
  const leases = await takeOn(engine, release, engine.whenHeld);
  const open = () => openStanding(engine, release, (now) => requireResumable(engine, now));
  const begin = async (log: ReleaseLog) => {
    await log.append('release.resumed', resumeFrom(engine, log.state, span));
    await writeWays(log, { overrides, skipping: null });
  };
  const wishes = () => oldWishes(engine.store, release);
  const beginning = { leases, candidate, open, begin, oldWishes: wishes };
  return runGuarded(engine, beginning, (run) => runSteps(run, span));
}

/**
 * Pauses or aborts a release that no process runs. RELEASE_STATE when it has ended, or when it is
 * to be aborted and production was touched; LEASE_HELD when somebody runs a release after all.
 */
export async function settleWish(engine: Engine, wish: WishNote): Promise<RunResult> {
  const { release } = wish;
  const state = foldJournal(release, await engine.store.read(release));
  const requireStoppable = (now: ReleaseState) => {
    if (wish.wish === 'abort') requireAbortable(engine, now);
    return requireOpen(now, wish.wish === 'pause' ? 'paused' : 'aborted');
  };
  const { build } = requireStoppable(state);
  const leases = await takeOn(engine, release);
  // Only its name is needed: stopping must not depend on the build store.
  const candidate = { ...build, directory: '' };
  const open = () => openStanding(engine, release, requireStoppable);
  const begin = async () => undefined;
  const wishes = () => oldWishes(engine.store, release);
  return runGuarded(engine, { leases, candidate, open, begin, oldWishes: wishes }, (run) =>
    followWish(run, wish, resumeFrom(engine, run.log.state, {}).from),
  );
}
