import { appendFile, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/base/catalogue.ts';
import { systemClock } from '../../src/base/clock.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { FileStore } from '../../src/release/file-store.ts';
import { Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await new Desk().open();
});
afterEach(() => desk.close());

/** Replaces one text of a file on the desk. */
async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(desk.path(file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
  await writeFile(desk.path(file), text.replace(from, to));
}

describe('explain', () => {
  it('tells what an error means, whatever the case, and what to do', async () => {
    const { exit, stdout } = await desk.run('explain', 'lease_held');
    expect(exit).toBe(0);
    expect(stdout).toContain('LEASE_HELD (exit 7');
    expect(stdout).toContain(catalogue.LEASE_HELD.remedy);
  });

  it('tells what an exit code means, and which errors end with it', async () => {
    const { stdout } = await desk.run('explain', '7');
    expect(stdout).toContain('exit 7: another release holds the lease');
    expect(stdout).toContain('LEASE_LOST');
    expect((await desk.run('explain', '130', '--json')).json()).toMatchObject({ exit: 130 });
  });

  it('lists every code', async () => {
    const { stdout } = await desk.run('explain');
    for (const code of Object.keys(catalogue)) expect(stdout).toContain(code);
    const { errors } = (await desk.run('explain', '--json')).json();
    expect(Object.keys(errors as object)).toEqual(Object.keys(catalogue));
  });

  it.each([
    ['LEASE_HOLD', 'did you mean LEASE_HELD?'],
    ['toString', 'there is no code toString'],
    ['99', 'there is no code 99'],
  ])('refuses %s', async (code, message) => {
    const { exit, stderr } = await desk.run('explain', code);
    expect([exit, stderr.includes(message)]).toEqual([2, true]);
  });
});

describe('init', () => {
  it('writes a configuration that is valid as it stands', async () => {
    const { exit, stdout } = await desk.run('init');
    expect(exit).toBe(0);
    expect(stdout).toContain(desk.path('aurora.config.yaml'));
    await desk.configured();
    expect((await desk.run('plan', 'check')).exit).toBe(0);
  });

  it('never writes over one that is there, not even with --yes', async () => {
    await writeFile(desk.path('aurora.config.yaml'), 'mine');
    const { exit, stderr } = await desk.run('init', '--yes');
    expect(exit).toBe(2);
    expect(stderr).toContain('there is a configuration already');
    expect(await readFile(desk.path('aurora.config.yaml'), 'utf8')).toBe('mine');
  });

  it('writes where it is told to, and says when it may not', async () => {
    expect((await desk.run('init', '--config', 'other.yaml')).exit).toBe(0);
    expect((await stat(desk.path('other.yaml'))).isFile()).toBe(true);
    expect(await desk.run('init', '--config', 'no/where.yaml')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('Choose a directory that you may write'),
    });
  });
});

describe('a verb without a configuration', () => {
  it.each([
    [['status']],
    [['release', '1.4.0']],
    [['rollback']],
    [['plan', 'show']],
  ])('%j says how to get one', async (argv) => {
    const { exit, stdout, stderr } = await desk.run(...argv);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^CONFIG_MISSING: /);
    expect(stderr).toContain('aurora init');
  });

  it('finds it by --config or AURORA_CONFIG', async () => {
    await desk.configured();
    const path = desk.path('elsewhere.yaml');
    await writeFile(path, await readFile(desk.path('aurora.config.yaml'), 'utf8'));
    await writeFile(desk.path('aurora.config.yaml'), 'broken: [');
    expect((await desk.run('plan', 'check')).exit).toBe(2);
    expect((await desk.run('plan', 'check', '-c', 'elsewhere.yaml')).exit).toBe(0);
    desk.variables.AURORA_CONFIG = path;
    expect((await desk.run('plan', 'check')).exit).toBe(0);
  });
});

describe('env check', () => {
  it('is go when the env files hold what the plan says', async () => {
    await desk.configured();
    const { exit, stdout } = await desk.run('env', 'check');
    expect(stdout).toMatch(/environment matrix: go \((\d+) of \1 checks passed\)/);
    expect(exit).toBe(0);
  });

  it('is no-go for one address of the wrong environment, and names it', async () => {
    await desk.configured();
    await edit(
      'env/staging.env',
      'https://staging.api.glowglitch.com/api/concierge/capsule',
      'https://api.glowglitch.com/api/concierge/capsule',
    );
    const { exit, stdout } = await desk.run('env', 'check', '--env', 'staging');
    expect(exit).toBe(3);
    expect(stdout).toContain('CONCIERGE_CAPSULE_ENDPOINT');
    expect((await desk.run('env', 'check', '--env', 'production')).exit).toBe(0);
  });

  it('prints exactly one document with --json, and no key that stands in a file', async () => {
    await desk.configured();
    await edit('env/production.env', 'vault:aurora-prod-api-key', 'sk-live-4711-do-not-show');
    const { exit, stdout, stderr, json } = await desk.run('env', 'check', '--json');
    expect(exit).toBe(3);
    expect(json()).toMatchObject({ aurora: 1, kind: 'checks', verdict: 'no-go' });
    expect(stdout + stderr).not.toContain('sk-live-4711');
  });
});

describe('plan', () => {
  it('shows steps, owners, moves and rollback', async () => {
    await desk.configured();
    const { exit, stdout } = await desk.run('plan', 'show');
    expect(exit).toBe(0);
    expect(stdout).toContain('7. Canary watch | Ops On-call | 30 min');
    expect(stdout).toContain('Verify environment matrix: staging `.env`');
    expect(stdout).toMatch(/Rollback\n {3}1\. flag AURORA_WIDGET_ENABLED in production: off/);
  });

  it.each([
    ['plan', 'plan', ['plan', 'show']],
    ['plan-check', 'plan check', ['plan', 'check']],
    ['history', 'history', ['history']],
  ])('prints one document %s with --json for %s', async (kind, _verb, argv) => {
    await desk.configured();
    const { exit, json } = await desk.run(...argv, '--json');
    expect([exit, json().kind]).toEqual([0, kind]);
  });

  it('refuses a broken checklist with its file and line', async () => {
    await desk.configured();
    await cp(shippedChecklists(), desk.path('checklists'), { recursive: true });
    await edit('checklists/slo.yaml', '\n', '\nsurprise: 1\n');
    await appendFile(desk.path('aurora.config.yaml'), '\nplan: ./checklists\n');
    const { exit, stderr } = await desk.run('plan', 'check');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^PLAN_INVALID: surprise: unknown key.* \(.+slo\.yaml:\d+\)/);
  });
});

describe('releases that are there', () => {
  it('are none at first, and every verb says what to do', async () => {
    await desk.configured();
    expect((await desk.run('history')).stdout).toContain('aurora release <build>');
    for (const argv of [['status'], ['resume'], ['approve']]) {
      expect(await desk.run(...argv)).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('there is no release yet'),
      });
    }
  });

  it('are listed and told with --json in one document each', async () => {
    await desk.configured();
    const store = new FileStore(desk.path('.aurora'), systemClock);
    const journal = await store.create('20250101-000000-1.4.0-aaaa', 'Alex W.');
    await journal.append('rollback.started', { reason: 'errors', only: 'flags' });
    await journal.close();
    const history = await desk.run('history', '--json');
    expect(history.json()).toMatchObject({ kind: 'history', releases: [{}] });
    const status = await desk.run('status', '--json');
    expect(status).toMatchObject({ exit: 0, stderr: '' });
    expect(status.json()).toMatchObject({ kind: 'status', alive: false });
    expect((await desk.run('flag', 'restore', '20250101-000000-1.4.0-aaaa')).stderr).toContain(
      'records no flag that a rollback switched off',
    );
  });

  it('are meant by default, not a single act after them', async () => {
    await desk.configured();
    const store = new FileStore(desk.path('.aurora'), systemClock);
    const act = await store.create('20250102-000000-flag-restore-bbbb', 'Alex W.');
    await act.append('release.ended', { outcome: 'done', exit: 0, reason: 'flag-restore' });
    await act.close();
    const latest = async () => (await desk.run('status', '--json')).json().id;
    expect(await latest()).toBe('20250102-000000-flag-restore-bbbb');
    const journal = await store.create('20250101-000000-1.4.0-aaaa', 'Alex W.');
    await journal.append('rollback.started', { reason: 'errors', only: null });
    await journal.close();
    expect(await latest()).toBe('20250101-000000-1.4.0-aaaa');
  });

  it('are refused by an id that nobody knows', async () => {
    await desk.configured();
    expect(await desk.run('status', 'r-unknown')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('RELEASE_UNKNOWN: no release r-unknown'),
    });
  });

  it('are not begun with a build that is not there, a step that is not, or in a hurry', async () => {
    await desk.configured();
    const refusal = async (...argv: string[]) => {
      const { exit, stderr } = await desk.run(...argv);
      return [exit, /^[A-Z_]+/.exec(stderr)?.[0]];
    };
    expect(await refusal('release', '9.9.9')).toEqual([2, 'BUILD_UNKNOWN']);
    expect(await refusal('release', '9.9.9', '--dry-run')).toEqual([2, 'BUILD_UNKNOWN']);
    expect(await refusal('release', '1.4.0', '--until', '12')).toEqual([2, 'STEP_UNKNOWN']);
    expect(await refusal('release', '1.4.0', '--time-scale', '60')).toEqual([
      2,
      'TIME_SCALE_REFUSED',
    ]);
    expect(await refusal('gate', '4')).toEqual([2, 'USAGE']);
    expect(await refusal('gate', '44', '--release', 'x')).toEqual([2, 'STEP_UNKNOWN']);
    expect((await desk.run('history', '--json')).json()).toMatchObject({ releases: [] });
  });
});

describe('a rollback in words', () => {
  it('says what it would do, phase by phase, and touches nothing', async () => {
    await desk.configured();
    const { exit, stdout } = await desk.run('rollback', '--dry-run');
    expect(exit).toBe(0);
    expect(stdout).toContain('dry run of a rollback: nothing is changed');
    expect(stdout.indexOf('flag AURORA_RETURNS_ENABLED in production: off')).toBeLessThan(
      stdout.indexOf('edge of production: stable'),
    );
    const only = await desk.run('rollback', '--dry-run', '--only', 'flags', '--json');
    expect(only.json()).toMatchObject({ kind: 'rollback-dry-run', phases: [expect.any(Array)] });
    expect((await desk.run('history', '--json')).json()).toMatchObject({ releases: [] });
  });
});
