import type { ExitCode } from '../../base/exit-codes.ts';
import type { RollbackWish } from '../../release/roll-back.ts';
import type { CiOptions } from '../ci-report.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { keeperOf } from '../opening.ts';
import { openOutput } from '../output.ts';
import { openSession } from '../session.ts';

/** Options of `rollback`. */
export interface RollbackOptions extends RunOptions, Omit<CiOptions, 'json'> {
  readonly dryRun?: boolean;
  readonly only?: 'flags';
  readonly reason?: string;
  readonly release?: string;
}

/** What a dry run tells need not wait for what has not changed; what acts reads its plan anew. */
async function tell(io: Io, options: RollbackOptions, wish: RollbackWish): Promise<ExitCode> {
  const [session, { dryRunRollback }] = await Promise.all([
    openSession(io, options, undefined, keeperOf(io)),
    import('./dry-run-rollback.ts'),
  ]);
  try {
    return await dryRunRollback(session.engine, wish, options.release, openOutput(io, options));
  } finally {
    await session.close();
  }
}

/** `aurora rollback` */
export async function rollbackVerb(io: Io, options: RollbackOptions): Promise<ExitCode> {
  const wish = { reason: options.reason ?? 'rolled back by hand', only: options.only ?? null };
  if (options.dryRun === true) return tell(io, options, wish);
  const { rollBackByHand } = await import('./rollback-by-hand.ts');
  return rollBackByHand(io, options, wish);
}
