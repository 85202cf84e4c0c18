import type { ExitCode } from '../../base/exit-codes.ts';
import { noKeeper } from '../../base/keeper.ts';
import { emergencyRollback } from '../../release/emergency.ts';
import { releaseDocument } from '../../report/json.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { keeperOf } from '../opening.ts';
import { openOutput } from '../output.ts';
import { openSession } from '../session.ts';
import { openShown } from '../shown.ts';

/** Options of `rollback`. */
export interface RollbackOptions extends RunOptions {
  readonly dryRun?: boolean;
  readonly only?: 'flags';
  readonly reason?: string;
  readonly release?: string;
}

/** `aurora rollback` */
export async function rollbackVerb(io: Io, options: RollbackOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  const wish = { reason: options.reason ?? 'rolled back by hand', only: options.only ?? null };
  const shown = openShown(io, options);
  // What a dry run tells must not wait for what has not changed; what acts reads its plan anew.
  const keeper = options.dryRun === true ? keeperOf(io) : noKeeper;
  const session = await openSession(io, options, shown.listen, keeper);
  const { engine } = session;
  try {
    if (options.dryRun === true) {
      const { dryRunRollback } = await import('./dry-run-rollback.ts');
      return await dryRunRollback(engine, wish, options.release, output);
    }
    const result = await emergencyRollback(engine, wish, options.release);
    await shown.end();
    for (const note of result.notes) output.remark(`note: ${note}`);
    output.document('rollback', {
      ...releaseDocument(result.state, engine.plan),
      exit: result.exit,
      notes: result.notes,
    });
    return result.exit;
  } finally {
    await shown.end();
    await session.close();
  }
}
