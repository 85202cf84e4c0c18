import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isoTime, systemClock } from '../../src/base/clock.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { FileStore } from '../../src/release/file-store.ts';
import { Company } from '../effects/company.ts';
import { asDocument } from '../report/documents.ts';
import { employ, settle } from './company-desk.ts';
import { Desk } from './support.ts';

const stable = 'a'.repeat(64);

let bench: Desk;
let desk: Desk;
let company: Company;
beforeAll(async () => {
  bench = await new Desk().open();
  const source = join(packageRoot(), 'fixtures', 'builds', '1.4.0');
  expect((await bench.run('build', 'pack', source, '--state', '.aurora')).exit).toBe(0);
}, 60_000);
afterAll(() => bench.close());
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  await cp(bench.path('.aurora'), desk.path('.aurora'), { recursive: true });
  company = await new Company().open();
  await employ(desk, company, 'redis://127.0.0.1:9');
  settle(company, stable);
});
afterEach(async () => {
  await company.close();
  await desk.close();
});

const text = (file: string) => readFile(desk.path(file), 'utf8');

/** As the runner of GitHub Actions starts a step. */
function onGithub(): void {
  Object.assign(desk.variables, {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: desk.path('summary.md'),
    GITHUB_OUTPUT: desk.path('output'),
  });
}

/** An address of the wrong environment: step 1 is no go. */
async function spoil(): Promise<void> {
  const file = desk.path('env/staging.env');
  const good = 'https://staging.api.glowglitch.com/api/concierge/capsule';
  const before = await readFile(file, 'utf8');
  expect(before).toContain(good);
  await writeFile(file, before.replace(good, 'https://api.glowglitch.com/50%,a::b'));
}

/** A plan whose first step wants a word. */
async function wantWord(): Promise<void> {
  await cp(shippedChecklists(), desk.path('checklists'), { recursive: true });
  const file = desk.path('checklists/release.yaml');
  const moves = '- check: environment-matrix\n        with: { environment: both }';
  const person = 'role: Product Manager, name: Omar V., unsigned: allowed, expires: 1 h';
  const word = `- approval: { ${person} }`;
  const before = await readFile(file, 'utf8');
  expect(before).toContain(moves);
  await writeFile(file, before.replace(moves, word));
  const config = desk.path('aurora.config.yaml');
  await writeFile(config, `${await readFile(config, 'utf8')}\nplan: ./checklists\n`);
}

const begin = ['gate', '1', '--build', '1.4.0'];
const commands = (said: string) => said.split('\n').filter((line) => line.startsWith('::'));

/** `NAME=value` lines. */
const variables = (lines: string) =>
  Object.fromEntries(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=', 2)),
  );

describe('a gate in CI', () => {
  it('hands on what it came to, in the files that were asked for and in no other way', async () => {
    const { exit, stdout, json } = await desk.run(
      ...[...begin, '--json', '--junit', 'out/gate.xml', '--dotenv', 'out/gate.env'],
    );
    expect(exit).toBe(0);
    const { id } = json();
    expect(variables(await text('out/gate.env'))).toEqual({
      AURORA_RELEASE: id,
      AURORA_VERDICT: 'go',
      AURORA_EXIT: '0',
    });
    const xml = await text('out/gate.xml');
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('<property name="verdict" value="go"/>');
    expect(commands(stdout)).toEqual([]);
  });

  it('shows a no-go on the page of a GitHub run', async () => {
    await spoil();
    onGithub();
    const { exit, stdout, stderr } = await desk.run(...begin);
    expect(exit).toBe(3);
    const [first, ...others] = commands(stdout);
    expect(others).toEqual([]);
    expect(first).toMatch(/^::error title=step 1\/9 environment-matrix%3A .*CONCIERGE_CAPSULE/);
    expect(first).toContain('50%25,a::b');
    expect(commands(stderr)).toEqual([]);
    expect(await text('summary.md')).toContain('### aurora: no-go (exit 3)');
    expect(variables(await text('output'))).toMatchObject({ verdict: 'no-go', exit: '3' });
  });

  it('keeps stdout one document there too', async () => {
    await spoil();
    onGithub();
    const { stderr, json } = await desk.run(...begin, '--json');
    expect(json()).toMatchObject({ kind: 'release', outcome: 'no-go' });
    expect(commands(stderr)).toHaveLength(1);
  });

  it('answers for its own step when it is run again, whatever came later', async () => {
    const { json } = await desk.run(...begin, '--json');
    const id = String(json().id);
    const second = ['gate', '2', '--release', id, '--dotenv', 'two.env'];
    expect((await desk.run(...second)).exit).toBe(3);
    const again = await desk.run('gate', '1', '--release', id, '--dotenv', 'one.env');
    expect(again.exit).toBe(0);
    expect(variables(await text('one.env'))).toMatchObject({
      AURORA_VERDICT: 'go',
      AURORA_EXIT: '0',
    });
    expect(variables(await text('two.env'))).toMatchObject({
      AURORA_RELEASE: id,
      AURORA_VERDICT: 'no-go',
      AURORA_EXIT: '3',
    });
  });

  it('has no verdict while a word is missing, and says who must give it', async () => {
    await wantWord();
    onGithub();
    const { exit, stdout } = await desk.run(...begin);
    expect(exit).toBe(4);
    const [only, ...others] = commands(stdout);
    expect(others).toEqual([]);
    expect(only).toMatch(/^::notice title=step 1\/9 environment-matrix waits for .*Omar V\./);
    expect(only).toContain('aurora approve');
    expect(variables(await text('output'))).toMatchObject({ verdict: '', exit: '4' });
  });

  it('says which release it was when it breaks off', async () => {
    await wantWord();
    const gate = desk.run(...begin, '--approval-wait', '5 min', '--dotenv', 'gate.env', '--json');
    const waits = async () => {
      const { releases } = (await desk.run('history', '--json')).json();
      return (releases as { status: string }[]).some(({ status }) => status === 'waiting');
    };
    await expect.poll(waits, { timeout: 15_000 }).toBe(true);
    const { releases } = (await desk.run('history', '--json')).json();
    const id = String((releases as { id: string }[])[0]?.id);
    const rollback = await desk.run('rollback', id, '--only', 'flags', '--json');
    expect(rollback.json()).toMatchObject({ kind: 'rollback', exit: 0 });
    // It finds out with its next entry; a wish gives it one to write at once.
    const wish = {
      wish: 'pause',
      by: 'Maya T.',
      reason: '',
      at: isoTime(systemClock.now()),
    } as const;
    const store = new FileStore(desk.path('.aurora'), systemClock);
    await store.offer({ v: 2, note: 'wish', release: id, ...wish });
    const { exit, json } = await gate;
    expect(exit).toBe(7);
    expect(json()).toMatchObject({ kind: 'error', code: 'LEASE_LOST', exit: 7 });
    expect(variables(await text('gate.env'))).toEqual({
      AURORA_RELEASE: id,
      AURORA_VERDICT: '',
      AURORA_EXIT: '7',
    });
  });

  it('finds out before it begins that a report could not be written', async () => {
    await writeFile(desk.path('file'), '');
    for (const report of ['file/gate.xml', '.']) {
      const { exit, stderr } = await desk.run(...begin, '--junit', report);
      expect([exit, stderr.includes('the report cannot be written')]).toEqual([2, true]);
    }
    expect((await desk.run('history', '--json')).json()).toMatchObject({ releases: [] });
  });

  it('ends with its verdict also when the report can no longer be written', async () => {
    await spoil();
    onGithub();
    desk.variables.GITHUB_STEP_SUMMARY = desk.path('away', 'summary.md');
    const { exit, stderr } = await desk.run(...begin);
    expect(exit).toBe(3);
    expect(stderr).toContain('not everything that CI reads was written');
  });
});

describe('a rollback in CI', () => {
  it('writes what it came to, and what cannot be written stops nothing', async () => {
    onGithub();
    await mkdir(desk.path('gate.env'));
    const { exit, stderr } = await desk.run('rollback', '--only', 'flags', '--dotenv', 'gate.env');
    expect(exit).toBe(0);
    expect(stderr).toContain('not everything that CI reads was written');
    expect(await desk.run('rollback', '--only', 'flags')).toMatchObject({ exit: 0 });
    expect(variables(await text('output'))).toMatchObject({ verdict: 'rollback', exit: '0' });
    expect(await text('summary.md')).toContain('(exit 0)');
  });
});

describe('checks outside a release', () => {
  it('leave a JUnit file, and annotations on GitHub', async () => {
    await spoil();
    onGithub();
    const { exit, stdout } = await desk.run('env', 'check', '--junit', 'env.xml');
    expect(exit).toBe(3);
    expect(commands(stdout)).toHaveLength(1);
    const xml = await text('env.xml');
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('classname="aurora.environment-matrix"');
    expect(xml).toContain('failures="1"');
  });
});

describe('an error', () => {
  it('is one document with --json, beside the text for people', async () => {
    const { exit, stdout, stderr } = await desk.run('status', 'nobody', '--json');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^RELEASE_UNKNOWN: /);
    expect(asDocument(JSON.parse(stdout))).toMatchObject({
      kind: 'error',
      code: 'RELEASE_UNKNOWN',
      exit: 2,
      remedy: expect.stringContaining('aurora history'),
    });
  });

  it.each([
    [['relese', '--json']],
    [['status', '--folow', '--json']],
    [['stack', '--json']],
  ])('is one too when the words are not understood: %j', async (argv) => {
    const { exit, json } = await desk.run(...argv);
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ kind: 'error', code: 'USAGE', exit: 2 });
  });

  it('is none where --json is a value and no option', async () => {
    const { exit, stdout } = await desk.run('status', '--', '--json');
    expect([exit, stdout]).toEqual([2, '']);
  });

  it('is annotated on GitHub: on stdout, and with --json on stderr', async () => {
    onGithub();
    const plain = await desk.run('status', 'nobody');
    expect(commands(plain.stdout)).toEqual([
      expect.stringMatching(/^::error title=aurora%3A RELEASE_UNKNOWN::/),
    ]);
    const json = await desk.run('status', 'nobody', '--json');
    expect(commands(json.stderr)).toHaveLength(1);
    expect(json.json()).toMatchObject({ kind: 'error' });
  });
});
