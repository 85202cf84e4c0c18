import { redact } from '../base/redact.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';

/** One fact about a suite: `build`, `plan`, `exit`. */
export type JUnitProperty = readonly [name: string, value: string];

/** One gate as JUnit sees it: a suite with a case for each check. */
export interface JUnitSuite {
  readonly name: string;
  /** Dotted, so that CI groups by it: `aurora.smoke`. */
  readonly classname: string;
  readonly verdict: Verdict | null;
  readonly reasons: readonly string[];
  readonly checks: readonly CheckResult[];
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  readonly durationMs?: number;
  /** `skipped by ...`, where somebody passed it over: whatever it measured then decides nothing. */
  readonly skipped?: string;
  readonly properties?: readonly JUnitProperty[];
}

type Result = 'pass' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly name: string;
  readonly result: Result;
  readonly message: string;
  readonly text: string;
  readonly ids: readonly string[];
}

/** JUnit XML of some gates. */
export function junitXml(name: string, suites: readonly JUnitSuite[]): string {
  const parts = suites.map((suite) => ({ suite, cases: casesOf(suite) }));
  const all = parts.flatMap(({ cases }) => cases);
  const seconds = suites.reduce((sum, suite) => sum + (suite.durationMs ?? 0), 0) / 1_000;
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts(all), time: seconds.toFixed(3) })}>`,
    ...parts.flatMap(({ suite, cases }) => suiteLines(suite, cases)),
    '</testsuites>',
    '',
  ].join('\n');
  return redact(text);
}

function suiteLines(suite: JUnitSuite, cases: readonly TestCase[]): readonly string[] {
  const head = attributes({
    name: suite.name,
    ...counts(cases),
    time: ((suite.durationMs ?? 0) / 1_000).toFixed(3),
    ...(suite.startedAt === undefined ? {} : { timestamp: suite.startedAt.slice(0, 19) }),
  });
  return [
    `  <testsuite${head}>`,
    ...propertyLines(suite.properties ?? []),
    ...cases.flatMap((one) => caseLines(one, suite.classname)),
    '  </testsuite>',
  ];
}

/** Before the cases: that is where the format has them. */
function propertyLines(properties: readonly JUnitProperty[]): readonly string[] {
  if (properties.length === 0) return [];
  const lines = properties.map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'];
}

function caseLines(one: TestCase, classname: string): readonly string[] {
  const head = `    <testcase${attributes({ name: one.name, classname })}`;
  const ids =
    one.ids.length === 0
      ? []
      : [`      <system-out>request ids: ${xmlText(one.ids.join(' '))}</system-out>`];
  if (one.result === 'pass' && ids.length === 0) return [`${head}/>`];
  const trouble =
    one.result === 'pass'
      ? []
      : [
          `      <${one.result}${attributes({ message: one.message })}>${xmlText(one.text)}</${one.result}>`,
        ];
  return [`${head}>`, ...trouble, ...ids, '    </testcase>'];
}

function casesOf(suite: JUnitSuite): readonly TestCase[] {
  if (suite.skipped !== undefined) return skippedCases(suite, suite.skipped);
  const cases = suite.checks.map((check) => caseOf(check, suite.verdict));
  const red = cases.some((one) => one.result === 'failure' || one.result === 'error');
  const stopped = suite.verdict === 'no-go' || suite.verdict === 'rollback';
  const open = suite.verdict === null ? 'the gate is still open' : `the gate is ${suite.verdict}`;
  if (
    suite.verdict === null ||
    (suite.verdict === 'hold' && cases.every((c) => c.result === 'pass'))
  ) {
    return [...cases, gateCase('skipped', open, suite)];
  }
  // A gate that stopped a release must never look green, whatever its checks say.
  return stopped && !red ? [...cases, gateCase('failure', open, suite)] : cases;
}

/** Of a step that was passed over nothing counts as failed, and it is not green either. */
function skippedCases(suite: JUnitSuite, message: string): readonly TestCase[] {
  const cases = suite.checks.map((check) => caseOf(check, suite.verdict));
  const left = cases.map((one): TestCase => {
    return one.result === 'pass' ? one : { ...one, result: 'skipped' };
  });
  return [...left, gateCase('skipped', message, suite)];
}

function gateCase(
  result: 'failure' | 'skipped',
  message: string,
  { reasons }: JUnitSuite,
): TestCase {
  return { name: 'gate', result, message, text: reasons.join('\n'), ids: [] };
}

/** What could not be measured is an error, and what could not be judged is skipped. */
function caseOf(check: CheckResult, verdict: Verdict | null): TestCase {
  const results: Readonly<Record<CheckResult['status'], Result>> = {
    pass: 'pass',
    fail: verdict === 'hold' ? 'skipped' : 'failure',
    error: 'error',
    inconclusive: verdict === 'no-go' ? 'failure' : 'skipped',
  };
  const n = check.n === undefined ? [] : [`samples: ${check.n}`];
  const remedy = check.remedy === undefined ? [] : [`remedy: ${check.remedy}`];
  const facts = [`expected: ${check.expected}`, `observed: ${check.observed}`, ...n, ...remedy];
  return {
    name: `${check.title} (${check.id})`,
    result: results[check.status],
    message: `expected ${check.expected}, observed ${check.observed}`,
    text: facts.join('\n'),
    ids: check.requestIds ?? [],
  };
}

function counts(cases: readonly TestCase[]) {
  const count = (result: Result) => cases.filter((one) => one.result === result).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value)).replaceAll(/[\t\n\r]/g, spelled)}"`)
    .join('');
}

/** In an attribute a reader would make a space of it. */
function spelled(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** XML text. Characters that XML 1.0 cannot hold at all become a replacement character. */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
