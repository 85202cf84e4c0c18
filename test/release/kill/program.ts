import { processIo } from '../../../src/app/io.ts';
import { openSession } from '../../../src/app/session.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { AuroraError } from '../../../src/base/errors.ts';
import type { ExitCode } from '../../../src/base/exit-codes.ts';
import { emergencyRollback } from '../../../src/release/emergency.ts';
import type { Engine } from '../../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../../src/release/run-release.ts';
import { type Kill, killingStore } from './killing-store.ts';

/**
 * What aurora's own verbs do, without their screen: the real engine over the real services of a
 * configuration. The one thing added is a store that can kill the process.
 */
export interface Order {
  readonly verb: 'release' | 'resume' | 'rollback';
  readonly config: string;
  /** The release to resume or to roll back. */
  readonly release?: string;
  readonly kill?: Kill;
}

/** A clock whose sleep never ends early by a fraction: watches then look as often in every run. */
const clock: Engine['clock'] = {
  now: systemClock.now,
  async sleep(ms, signal) {
    const end = Date.now() + ms;
    do await systemClock.sleep(end - Date.now(), signal);
    while (Date.now() < end);
  },
};

const wish = { reason: 'errors since 02:10', only: null };

async function carryOut(engine: Engine, { verb, release }: Order) {
  if (verb === 'release') return startRelease(engine, '1.4.0');
  if (verb === 'resume') return resumeRelease(engine, release ?? '');
  return emergencyRollback(engine, wish, release);
}

/** The releases of this company wait for their word as long as it takes a test to give it. */
function optionsOf({ config, verb }: Order) {
  const actor = verb === 'rollback' ? 'On-call' : 'Alex W.';
  return { config, timeScale: 50, approvalWait: 20_000, actor };
}

async function runOrder(order: Order): Promise<ExitCode> {
  const session = await openSession(processIo(), optionsOf(order), () => (entry) => {
    if (entry.type === 'approval.requested') process.stdout.write('asked\n');
  });
  try {
    const { store, stateDirectory } = session.engine;
    const { kill } = order;
    const killing = kill === undefined ? {} : { store: killingStore(store, stateDirectory, kill) };
    const result = await carryOut({ ...session.engine, clock, ...killing }, order);
    process.stdout.write(`${JSON.stringify({ release: result.release, notes: result.notes })}\n`);
    return result.exit;
  } finally {
    await session.close();
  }
}

function explain(error: unknown): ExitCode {
  const known = error instanceof AuroraError ? error : undefined;
  process.stderr.write(`${known?.line ?? (error as Error).stack}\n`);
  return known?.exitCode ?? 1;
}

runOrder(JSON.parse(process.argv[2] ?? '') as Order)
  .catch(explain)
  .then((exit) => {
    process.exitCode = exit;
  });
