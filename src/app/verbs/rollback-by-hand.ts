import type { ExitCode } from '../../base/exit-codes.ts';
import { emergencyRollback } from '../../release/emergency.ts';
import type { RollbackWish } from '../../release/roll-back.ts';
import { releaseDocument } from '../../report/json.ts';
import { writeCiReport } from '../ci-report.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { openSession } from '../session.ts';
import { openShown } from '../shown.ts';
import type { RollbackOptions } from './rollback.ts';

/** Rolls production back, shows it while it happens, and answers how it ended. */
export async function rollBackByHand(
  io: Io,
  options: RollbackOptions,
  wish: RollbackWish,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  const shown = openShown(io, options);
  const session = await openSession(io, options, shown.listen);
  const { engine } = session;
  try {
    const result = await emergencyRollback(engine, wish, options.release);
    await shown.end();
    const { state, exit } = result;
    const missing = await writeCiReport(io, options, { state, plan: engine.plan, exit });
    for (const note of [...result.notes, ...missing]) output.remark(`note: ${note}`);
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
