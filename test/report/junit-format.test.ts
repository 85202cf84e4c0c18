import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { CheckStatus, Verdict } from '../../src/checks/check.ts';
import { junitXml } from '../../src/report/junit.ts';
import { releaseJUnit } from '../../src/report/release-junit.ts';
import { plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

/** An element as it stands in the file, its order kept. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Node = Readonly<Record<string, unknown>>;

function elementOf(node: Node): Element {
  const [name = ''] = Object.keys(node).filter((key) => key !== ':@');
  const inside = node[name] as readonly Node[];
  return {
    name,
    attributes: (node[':@'] ?? {}) as Readonly<Record<string, string>>,
    children: inside.filter((one) => !('#text' in one)).map(elementOf),
    text: inside.flatMap((one) => ('#text' in one ? [String(one['#text'])] : [])).join(''),
  };
}

function read(xml: string): Element {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    htmlEntities: true,
  });
  const [root] = (parser.parse(xml) as readonly Node[]).filter((node) => !('#text' in node));
  if (root === undefined) throw new Error('there is no root element');
  return elementOf(root);
}

/** What the readers of CI agree on: each element's attributes, those that must be there, its children in order. */
const format: Readonly<
  Record<string, { may: readonly string[]; must: readonly string[]; inside: RegExp }>
> = {
  testsuites: {
    may: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
    must: ['tests', 'failures', 'errors', 'time'],
    inside: /^(testsuite )*$/,
  },
  testsuite: {
    may: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
    must: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
    inside: /^(properties )?(testcase )*(system-out )?(system-err )?$/,
  },
  properties: { may: [], must: [], inside: /^(property )+$/ },
  property: { may: ['name', 'value'], must: ['name', 'value'], inside: /^$/ },
  testcase: {
    may: ['name', 'classname', 'time'],
    must: ['name', 'classname'],
    inside: /^((failure|error|skipped) )?(system-out )?(system-err )?$/,
  },
  failure: { may: ['message', 'type'], must: ['message'], inside: /^$/ },
  error: { may: ['message', 'type'], must: ['message'], inside: /^$/ },
  skipped: { may: ['message'], must: [], inside: /^$/ },
  'system-out': { may: [], must: [], inside: /^$/ },
};

function requireFormat(element: Element): void {
  const rule = format[element.name];
  if (rule === undefined) throw new Error(`nobody reads <${element.name}>`);
  const names = Object.keys(element.attributes);
  expect(rule.may, element.name).toEqual(expect.arrayContaining(names));
  expect(names, element.name).toEqual(expect.arrayContaining([...rule.must]));
  expect(element.children.map(({ name }) => `${name} `).join('')).toMatch(rule.inside);
  for (const child of element.children) requireFormat(child);
}

const named = (element: Element, name: string): readonly Element[] => [
  ...element.children.filter((child) => child.name === name),
  ...element.children.flatMap((child) => named(child, name)),
];

/** What each suite counts is what stands in it. */
function requireCounts(element: Element): void {
  const { attributes } = element;
  expect(Number(attributes.tests)).toBe(named(element, 'testcase').length);
  expect(Number(attributes.failures)).toBe(named(element, 'failure').length);
  expect(Number(attributes.errors)).toBe(named(element, 'error').length);
  expect(Number(attributes.skipped)).toBe(named(element, 'skipped').length);
}

const properties = (suite: Element) =>
  Object.fromEntries(
    named(suite, 'property').map(({ attributes }) => [attributes.name, attributes.value]),
  );

const stories = {
  released: journeys.releasedJourney(),
  noGo: journeys.noGoJourney(),
  waiting: journeys.waitingJourney(),
  held: journeys.heldJourney(),
  rolledBack: journeys.rolledBackJourney(true),
  begun: journeys.emptyJourney(),
};

describe('the JUnit file', () => {
  it.each(Object.entries(stories))('has the form that CI reads: %s', (_, { state }) => {
    const root = read(releaseJUnit(state, plan));
    requireFormat(root);
    for (const suites of [root, ...named(root, 'testsuite')]) requireCounts(suites);
    expect(named(root, 'testsuite')).toHaveLength(state.steps.size);
  });

  it('names release, build, plan, verdict and exit in every suite', () => {
    const { state } = journeys.noGoJourney();
    const suites = named(read(releaseJUnit(state, plan)), 'testsuite').map(properties);
    for (const suite of suites) {
      expect(suite).toMatchObject({
        release: state.id,
        build: state.build?.digest,
        plan: state.created?.plan.digest,
        exit: '3',
      });
    }
    expect(suites.map(({ verdict }) => verdict)).toEqual(['go', 'go', 'no-go']);
  });

  it("tells the verb's own exit where it is not that of the release", () => {
    const root = read(releaseJUnit(journeys.waitingJourney().state, plan, 0));
    expect(named(root, 'testsuite').map((suite) => properties(suite).exit)).toContain('0');
  });

  it('gives each case the id of its step as class, so that CI groups by it', () => {
    const root = read(releaseJUnit(journeys.noGoJourney().state, plan));
    const [, , smoke] = named(root, 'testsuite');
    const classes = smoke?.children.flatMap(({ attributes }) => attributes.classname ?? []);
    expect([...new Set(classes)]).toEqual(['aurora.smoke']);
  });

  it.each<[CheckStatus, Verdict | null, string]>([
    ['fail', 'no-go', 'failure'],
    ['fail', 'rollback', 'failure'],
    ['fail', 'hold', 'skipped'],
    ['inconclusive', 'hold', 'skipped'],
    ['inconclusive', 'no-go', 'failure'],
    ['error', 'no-go', 'error'],
    ['error', 'hold', 'error'],
  ])('says of a check that is %s at a gate that is %s: %s', (status, verdict, result) => {
    const check = { id: 'a', title: 'a', status, expected: '1', observed: '2' };
    const suite = { name: 's', classname: 'c', verdict, reasons: [], checks: [check] };
    const [found] = named(read(junitXml('x', [suite])), 'testcase');
    expect(found?.children.map(({ name }) => name)).toEqual([result]);
    expect(found?.children[0]?.attributes.message).toBe('expected 1, observed 2');
  });

  it('counts nothing as failed, and nothing as well, of a step that was passed over', () => {
    const check = { id: 'a', title: 'a', status: 'fail', expected: '1', observed: '2' } as const;
    const skipped = 'skipped by rita.m (Release Manager): seen by hand';
    const suite = { name: 's', classname: 'c', reasons: [], skipped };
    const gates = [{ ...suite, verdict: 'go', checks: [check] }] as const;
    const root = read(junitXml('x', gates));
    requireFormat(root);
    requireCounts(root);
    expect(root.attributes).toMatchObject({ failures: '0', errors: '0', skipped: '2' });
    const said = named(root, 'skipped').map(({ attributes }) => attributes.message);
    expect(said).toContain(skipped);
  });

  it('comes back as it was said, and drops what XML cannot hold', () => {
    const said = 'a & b <c> "d" \'e\' ]]> %\tend';
    const lines = 'first\r\nsecond';
    const check = {
      id: 'a',
      title: said,
      status: 'fail',
      expected: lines,
      observed: '\u0000\ud800',
    };
    const gate = { name: said, classname: 'c', verdict: 'no-go', reasons: [] } as const;
    const root = read(junitXml(said, [{ ...gate, checks: [{ ...check, status: 'fail' }] }]));
    requireFormat(root);
    expect(root.attributes.name).toBe(said);
    const [found] = named(root, 'testcase');
    expect(found?.attributes.name).toBe(`${said} (a)`);
    const [failure] = found?.children ?? [];
    expect(failure?.attributes.message).toBe(`expected ${lines}, observed \ufffd\ufffd`);
    expect(failure?.text).toContain('observed: \ufffd\ufffd');
  });
});
