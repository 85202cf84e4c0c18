import { isoTime } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { requireAbortable, requireOpen } from '../../release/abort.ts';
import type { Engine } from '../../release/engine.ts';
import type { WishNote } from '../../release/inbox.ts';
import { settleWish } from '../../release/run-release.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import { releaseDocument } from '../../report/json.ts';
import { nextLine, nextStep } from '../../report/next-step.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of `pause` and `abort`. */
export interface StopOptions extends RunOptions {
  readonly reason?: string;
}

/** How long a running process may take to hear of it: an act is never broken off in the middle. */
const hearMs = 60_000;
const lookMs = 200;
const askAgainMs = 2_000;

async function stateOf({ store }: Engine, release: string): Promise<ReleaseState> {
  return foldJournal(release, await store.read(release));
}

/** Whether a process works on the release right now. */
async function isRun({ leases, plan }: Engine, release: string): Promise<boolean> {
  const holder = await leases.holder(plan.flags.environment);
  return holder?.release === release;
}

/**
 * Asks the process that runs the release, and waits until it has stopped: because it has heard, or by
 * itself. Null when it has not in all that time. A run passes over what it finds as it begins, so
 * that it is asked anew, ever more rarely.
 */
async function askToStop(engine: Engine, wish: WishNote): Promise<ReleaseState | null> {
  const { clock, signal, store } = engine;
  const begin = clock.now();
  let due = begin;
  while (clock.now() < begin + hearMs) {
    if (!(await isRun(engine, wish.release))) return stateOf(engine, wish.release);
    if (clock.now() >= due) {
      await store.offer({ ...wish, at: isoTime(clock.now()) });
      due = clock.now() + Math.max(askAgainMs, clock.now() - begin);
    }
    await clock.sleep(lookMs, signal);
  }
  return null;
}

/** Whether the release stands as it was wished to. */
function isDone(state: ReleaseState, { wish }: WishNote): boolean {
  if (wish === 'abort') return state.outcome === 'aborted';
  return state.hold?.waitsFor === 'person' && state.status === 'held';
}

/** Does it: by the process that runs the release, or here where there is none. Null: not yet. */
async function stop(engine: Engine, wish: WishNote): Promise<ReleaseState | null> {
  const { release } = wish;
  if (await isRun(engine, release)) {
    const state = await askToStop(engine, wish);
    if (state === null || isDone(state, wish)) return state;
    if (state.status === 'ended') return state;
    if (wish.wish === 'abort') requireAbortable(engine, state);
  }
  return (await settleWish(engine, wish)).state;
}

/** What an abort could not put back. */
function leftOf(state: ReleaseState): readonly string[] {
  return [...state.effects.values()]
    .filter((effect) => effect.status === 'undo-failed')
    .map((effect) => `${effect.title}: ${effect.error?.message}`);
}

async function stopVerb(
  io: Io,
  named: string | undefined,
  options: StopOptions,
  wish: WishNote['wish'],
): Promise<ExitCode> {
  const output = openOutput(io, options);
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const release = named ?? (await latestRelease(engine.store));
    const before = await stateOf(engine, release);
    if (wish === 'abort') requireAbortable(engine, before);
    else requireOpen(before, 'paused');
    const note: WishNote = {
      ...{ v: 2, note: 'wish', release, wish, by: engine.actor },
      ...{ reason: options.reason ?? '', at: isoTime(engine.clock.now()) },
    };
    const state = await stop(engine, note);
    if (state === null) {
      output.document(wish, releaseDocument(await stateOf(engine, release), engine.plan));
      output.text(`asked: ${release} stops at its next move; see \`aurora status --follow\``);
      return 4;
    }
    if (!isDone(state, note)) {
      throw new AuroraError(
        'RELEASE_STATE',
        `release ${release} ended before it heard: ${state.outcome}`,
      );
    }
    output.document(wish, releaseDocument(state, engine.plan));
    output.text(`${release} ${wish === 'pause' ? 'stands still' : 'is aborted'}`);
    for (const left of leftOf(state)) output.text(`could not be put back: ${left}`);
    output.text(nextLine(nextStep(state, engine.plan)));
    return 0;
  });
}

/** `aurora pause [release]` */
export function pauseVerb(
  io: Io,
  release: string | undefined,
  options: StopOptions,
): Promise<ExitCode> {
  return stopVerb(io, release, options, 'pause');
}

/** `aurora abort [release]` */
export function abortVerb(
  io: Io,
  release: string | undefined,
  options: StopOptions,
): Promise<ExitCode> {
  return stopVerb(io, release, options, 'abort');
}
