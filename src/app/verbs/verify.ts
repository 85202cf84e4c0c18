import { catalogue } from '../../base/catalogue.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { verifyJournal } from '../../release/verify.ts';
import {
  type Aspect,
  aspects,
  type Finding,
  type VerifyReport,
} from '../../release/verify-report.ts';
import { table } from '../../ui/tables.ts';
import { oneLine } from '../../ui/text.ts';
import type { Io } from '../io.ts';
import { type Output, openOutput, tableWidth } from '../output.ts';
import { readTarget, type VerifyOptions } from '../verify-target.ts';

/** What each aspect is, for people. */
const titles: Readonly<Record<Aspect, string>> = {
  chain: 'lines: form, chain, order',
  transitions: 'entries that fit the state',
  fences: 'numbers of leases',
  times: 'times',
  evidence: 'digests of evidence',
  approvals: 'requests and approvals',
  overrides: 'overrides and skips',
  signatures: 'signatures',
  documents: 'documents',
};

type Result = 'fits' | 'DOES NOT FIT' | 'not known' | 'none';

function resultOf({ findings, looked }: VerifyReport, aspect: Aspect): Result {
  const weights = findings.filter((one) => one.aspect === aspect).map(({ weight }) => weight);
  if (weights.includes('wrong')) return 'DOES NOT FIT';
  if (weights.includes('unsure')) return 'not known';
  return looked[aspect] === 0 ? 'none' : 'fits';
}

/** `journal.jsonl:12 (check.done)` */
function placeOf(where: string, { line, type }: Finding): string {
  if (line === 0) return where;
  return `${where}:${line}${type === null ? '' : ` (${oneLine(type)})`}`;
}

const words = { wrong: 'wrong', unsure: 'not known', remark: 'remark' } as const;

function show(output: Output, report: VerifyReport, where: string): void {
  const { release, entries, head, looked, findings, first } = report;
  const rows = aspects.map((aspect) => [
    titles[aspect],
    String(looked[aspect]),
    resultOf(report, aspect),
  ]);
  const columns = [
    { header: '' },
    { header: 'looked at', align: 'right' },
    { header: '' },
  ] as const;
  output.text(`${oneLine(release)}: ${entries} entries, last line sha256 ${head}`);
  output.text(table(columns, rows, tableWidth(output)));
  for (const one of findings) {
    output.text(`${words[one.weight]}: ${placeOf(where, one)}: ${oneLine(one.what)}`);
  }
  if (first === null) {
    output.text('everything that can be held against something else fits');
    return;
  }
  const { meaning, remedy } = catalogue.PROOF_BROKEN;
  const others = findings.filter(({ weight }) => weight === 'wrong').length - 1;
  const more = others === 0 ? '' : ` (${others} more)`;
  output.text(
    `PROOF_BROKEN: ${meaning}\nfirst: ${placeOf(where, first)}: ${oneLine(first.what)}${more}\n-> ${remedy}`,
  );
}

/** `aurora verify [release|path]`: whether a journal and what it names fit together. */
export async function verifyVerb(
  io: Io,
  asked: string | undefined,
  options: VerifyOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  const input = await readTarget(io, asked, options);
  const report = verifyJournal(input);
  const code = report.first === null ? null : 'PROOF_BROKEN';
  const approvers = input.approvers?.path ?? null;
  const results = Object.fromEntries(aspects.map((aspect) => [aspect, resultOf(report, aspect)]));
  output.document('verify', {
    ...{ release: report.release, where: input.where, approvers, fits: code === null, code },
    ...{ entries: report.entries, head: report.head, looked: report.looked, results },
    ...{ first: report.first, findings: report.findings },
  });
  show(output, report, input.where);
  return code === null ? 0 : catalogue.PROOF_BROKEN.exit;
}
