import type { CheckResult } from '../checks/check.ts';
import { cell, codeCell, details, markdownTable, paragraphs } from './markdown.ts';
import { countChecks, statusWord } from './words.ts';

/** Longer lists are folded away; what did not pass always stays in sight. */
const foldFrom = 8;

/** Every check of a step: what was expected, what was seen, on how many samples. */
export function checksSection(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return 'No checks were made.';
  const all = checksTable(checks);
  if (checks.length < foldFrom) return all;
  const bad = checks.filter((check) => check.status !== 'pass');
  const seen = bad.length === 0 ? undefined : checksTable(bad);
  return paragraphs(seen, details(countChecks(checks), all));
}

/** The table of some checks, with only the columns that hold something. */
export function checksTable(checks: readonly CheckResult[]): string {
  const columns: readonly [header: string, text: (check: CheckResult) => string][] = [
    ['Status', (c) => (c.catastrophe === true ? '**catastrophe**' : statusCell(c))],
    ['Check', (c) => cell(c.title)],
    ['Expected', (c) => cell(c.expected)],
    ['Observed', (c) => cell(c.observed)],
    ['n', (c) => (c.n === undefined ? '' : String(c.n))],
    ['Band', (c) => c.band ?? ''],
    ['Request ids', (c) => (c.requestIds ?? []).map(codeCell).join(' ')],
    ['Remedy', (c) => (c.status === 'pass' ? '' : cell(c.remedy ?? ''))],
  ];
  const used = columns.filter(
    ([header, text], index) => index < 4 || checks.some((c) => text(c) !== '' && header !== ''),
  );
  return markdownTable(
    used.map(([header]) => header),
    checks.map((check) => used.map(([, text]) => text(check))),
  );
}

function statusCell({ status }: CheckResult): string {
  return status === 'pass' ? statusWord(status) : `**${statusWord(status)}**`;
}

const matrixId = /^environment-matrix\/(staging|production)\/(.+)$/;

/** The environment matrix as the plan draws it: a row for each variable, both values, the result. */
export function matrixTable(checks: readonly CheckResult[]): string | undefined {
  const rows = new Map<string, { staging?: CheckResult; production?: CheckResult }>();
  for (const check of checks) {
    const [, environment, variable] = matrixId.exec(check.id) ?? [];
    if (variable === undefined) continue;
    const row = rows.get(variable) ?? {};
    rows.set(
      variable,
      environment === 'staging' ? { ...row, staging: check } : { ...row, production: check },
    );
  }
  if (rows.size === 0) return undefined;
  return markdownTable(
    ['Variable', 'Staging', 'Production', 'Result'],
    [...rows].map(([variable, { staging, production }]) => [
      codeCell(variable),
      matrixValue(staging),
      matrixValue(production),
      matrixResult(staging, production),
    ]),
  );
}

/** Whether a check is a row of the matrix table. */
export function isMatrixCheck(check: CheckResult): boolean {
  return matrixId.test(check.id);
}

function matrixValue(check: CheckResult | undefined): string {
  if (check === undefined) return 'not checked';
  if (check.status === 'pass') return codeCell(check.observed);
  return `**${codeCell(check.observed)}**, expected ${codeCell(check.expected)}`;
}

function matrixResult(...checks: readonly (CheckResult | undefined)[]): string {
  if (checks.some((check) => check === undefined)) return '**not checked**';
  const bad = checks.find((check) => check?.status !== 'pass');
  return bad === undefined ? 'ok' : `**${statusWord(bad.status)}**`;
}
