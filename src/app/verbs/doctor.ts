import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { approversRow } from '../../doctor/approvers-row.ts';
import { type DoctorRow, examine } from '../../doctor/examine.ts';
import { missingApprovers } from '../../release/eligible.ts';
import type { Engine } from '../../release/engine.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

async function examineApprovers({ plan, approvers, clock }: Engine): Promise<DoctorRow> {
  try {
    const list = await approvers();
    const people = new Set(list.signers.map(({ id }) => id)).size;
    return approversRow(list.path, people, missingApprovers(plan, list, clock.now()));
  } catch (error) {
    if (!(error instanceof AuroraError)) throw error;
    return { what: 'approvers', ok: false, detail: error.message, remedy: error.remedy };
  }
}

/** Whether releases can be read where they are kept, and what stands in the way of the next one. */
async function examineReleases({ store, leases, plan }: Engine): Promise<DoctorRow> {
  const what = 'releases';
  const { environment } = plan.flags;
  try {
    const [all, record] = [await store.list(), await leases.read(environment)];
    const held = record.holder === null ? '' : `; ${record.holder.release} holds ${environment}`;
    return { what, ok: true, detail: `${all.length} kept${held}`, remedy: null };
  } catch (error) {
    if (!(error instanceof AuroraError)) throw error;
    const where = error.where === undefined ? '' : ` (${error.where})`;
    const remedy = 'Check `store` and `state` in the configuration; a rollback works without them.';
    return { what, ok: false, detail: `${error.message}${where}`, remedy };
  }
}

/** `aurora doctor`: reaches everything, changes nothing, one remedy a line. */
export async function doctorVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const rows = [
      ...(await examine(engine.services, engine.environments, engine.signal)),
      await examineApprovers(engine),
      await examineReleases(engine),
    ];
    const ok = rows.every((row) => row.ok);
    output.document('doctor', { ok, rows });
    for (const row of rows) {
      output.text(`${row.ok ? 'ok  ' : 'FAIL'}  ${row.what}: ${row.detail}`);
      if (row.remedy !== null) output.text(`      -> ${row.remedy}`);
    }
    const bad = rows.filter((row) => !row.ok).length;
    output.text(ok ? `all ${rows.length} well` : `${bad} of ${rows.length} not well`);
    return ok ? 0 : 3;
  });
}
