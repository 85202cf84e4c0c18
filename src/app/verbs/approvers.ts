import { isoTime, systemClock } from '../../base/clock.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import type { Plan } from '../../plan/plan.ts';
import { type AllowedSigner, signerProblem } from '../../proof/ssh/allowed-signers.ts';
import { approvalNamespace } from '../../proof/ssh/namespace.ts';
import { fingerprint } from '../../proof/ssh/public-key.ts';
import { isRevoked } from '../../proof/ssh/revoked-keys.ts';
import { countEligible, missingApprovers } from '../../release/eligible.ts';
import { type Approvers, readApprovers } from '../../services/signing/approvers-file.ts';
import { table } from '../../ui/tables.ts';
import type { GlobalOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openConfig, openPlan } from '../opening.ts';
import { type Output, openOutput, tableWidth } from '../output.ts';

/** Why a key does not count now, for people. */
const problems = {
  revoked: 'no: revoked',
  'not-yet-valid': 'no: not yet valid',
  'expired-key': 'no: expired',
  namespace: 'no: not for approvals',
} as const;

type Counts = 'yes' | keyof typeof problems;

/** One key, as it is shown. */
interface KeyRow {
  readonly line: number;
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly type: string;
  readonly fingerprint: string;
  readonly validAfter: string | null;
  readonly validBefore: string | null;
  readonly counts: Counts;
}

function keyRow(signer: AllowedSigner, { revoked }: Approvers, at: number): KeyRow {
  const { line, id, name, roles, key, validAfter, validBefore } = signer;
  const problem = signerProblem(signer, { namespace: approvalNamespace, at });
  return {
    line,
    id,
    name,
    roles,
    type: key.type,
    fingerprint: fingerprint(key),
    validAfter: validAfter === null ? null : isoTime(validAfter),
    validBefore: validBefore === null ? null : isoTime(validBefore),
    counts: isRevoked(key, revoked) ? 'revoked' : (problem ?? 'yes'),
  };
}

/** One thing that the plan asks people for, and who of the file may give it. */
interface MayRow {
  readonly what: string;
  readonly wants: string;
  readonly unsigned: boolean;
  readonly people: readonly string[];
}

/** Names of those whose key counts for this role, each once. */
function peopleFor(
  wanted: { readonly role: string; readonly name: string | null },
  approvers: Approvers,
  at: number,
): readonly string[] {
  const found = approvers.signers.filter(
    (signer) => countEligible(wanted, { ...approvers, signers: [signer] }, at) > 0,
  );
  return [...new Set(found.map(({ name }) => name))];
}

function mayRows(plan: Plan, approvers: Approvers, at: number): readonly MayRow[] {
  const steps = plan.steps.flatMap(({ step, title, moves }) =>
    moves.flatMap((move) => {
      if (move.type !== 'approval') return [];
      const who = move.name === null ? move.role : `${move.role} (${move.name})`;
      return {
        what: `step ${step}, ${title}`,
        wants: move.count === 1 ? who : `${move.count} of ${who}`,
        unsigned: move.unsigned,
        people: peopleFor(move, approvers, at),
      };
    }),
  );
  const overrides = plan.overrides.roles.map((role) => ({
    what: 'overrides',
    wants: role,
    unsigned: false,
    people: peopleFor({ role, name: null }, approvers, at),
  }));
  return [...steps, ...overrides];
}

function showKeys(output: Output, rows: readonly KeyRow[]): void {
  const day = (time: string | null) => time?.slice(0, 16).replace('T', ' ') ?? 'no end';
  const columns = ['id', 'name', 'roles', 'key', 'until (UTC)', 'counts'].map((header) => ({
    header,
    ...(header === 'key' ? {} : { flexible: 'wrap' as const }),
  }));
  const cells = rows.map((row) => [
    row.id,
    row.name,
    row.roles.join(', '),
    row.fingerprint,
    day(row.validBefore),
    row.counts === 'yes' ? 'yes' : problems[row.counts],
  ]);
  output.text(table(columns, cells, tableWidth(output)));
}

function showMay(output: Output, rows: readonly MayRow[]): void {
  for (const { what, wants, unsigned, people } of rows) {
    const who = people.length === 0 ? 'nobody' : people.join(', ');
    output.text(
      `${what}: ${wants}: ${who}${unsigned ? '; a word without a signature counts too' : ''}`,
    );
  }
}

/** `aurora approvers`: who may approve what; exit 3 when a step wants a word that nobody may give. */
export async function approversVerb(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  const loaded = await openConfig(io, options);
  const [{ plan }, approvers] = await Promise.all([
    openPlan(loaded.checklists),
    readApprovers(loaded.approvers),
  ]);
  const at = systemClock.now();
  const keys = approvers.signers.map((signer) => keyRow(signer, approvers, at));
  const may = mayRows(plan, approvers, at);
  const missing = missingApprovers(plan, approvers, at);
  output.document('approvers', { path: approvers.path, keys, may, missing });
  const people = new Set(keys.map(({ id }) => id)).size;
  const counted = `${keys.length} key${keys.length === 1 ? '' : 's'} of ${people} ${people === 1 ? 'person' : 'people'}`;
  output.text(`${approvers.path}: ${counted}\n`);
  if (keys.length > 0) showKeys(output, keys);
  else output.text('nobody is listed; `aurora keygen` makes a key and the line for it');
  output.text('');
  showMay(output, may);
  for (const line of missing) output.text(`missing: ${line}`);
  return missing.length === 0 ? 0 : 3;
}
