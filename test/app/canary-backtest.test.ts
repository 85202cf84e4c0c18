import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../src/app/open-state.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseStream, streamText } from '../../src/judge/stream.ts';
import { broken, healthy, stream, until } from '../judge/backtest/canaries.ts';
import { created, ended, looks, over, started, type Told } from '../judge/backtest/told.ts';
import { Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
});
afterEach(() => desk.close());

/** A release with this journal in the store. */
async function release(id: string, ...told: readonly Told[]): Promise<void> {
  const loaded = await loadConfig(desk.path('aurora.config.yaml'));
  const { store, close } = openState(loaded, desk.variables);
  const writer = await store.create(id, 'Alex W.');
  for (const [type, data] of [created, started(7), ...told]) await writer.append(type, data);
  await writer.close();
  await close();
}

const good = '20261122-000000-1.4.0-aaaa';
const bad = '20261123-000000-1.5.0-bbbb';

/** One that was released, and one that its canary found out at once. */
async function twoReleases(): Promise<void> {
  await release(good, ...looks(7, stream, healthy), ended(7, 'go'), over('released', 0));
  await release(
    bad,
    ...looks(7, stream, until(broken, 2 * 60_000)),
    ended(7, 'rollback'),
    ['rollback.started', { reason: 'red', only: null }],
    ['rollback.ended', { complete: true, failed: [], customersSafe: true, proof: [] }],
    over('rolled-back', 5),
  );
}

/** The shipped bands, changed. */
async function policy(change: (text: string) => string): Promise<string> {
  const text = await readFile(`${packageRoot()}/checklists/slo.yaml`, 'utf8');
  await writeFile(desk.path('tried.yaml'), change(text));
  return 'tried.yaml';
}

const backtest = (...words: string[]) =>
  desk.run('canary', 'backtest', '--simulate', '0', ...words);

describe('aurora canary backtest', () => {
  it('says of each release what its bands make of it, and how often they are wrong', async () => {
    await twoReleases();
    const { exit, stdout } = await backtest();
    expect(exit).toBe(0);
    expect(stdout).toMatch(/1\.4\.0-aaaa +released +green .* right/);
    expect(stdout).toMatch(/1\.5\.0-bbbb +rolled back at step 7 +red .* right/);
    expect(stdout).toMatch(/false alarms +0 of 1 \(0 % to 79/);
    expect(stdout).toMatch(/missed +0 of 1/);
  });

  it('puts other bands beside them: what is cut off there is said, and counts for nothing', async () => {
    await twoReleases();
    const file = await policy((text) =>
      text.replace('green: 0.005', 'green: 0.5').replaceAll('compare: true', 'compare: false'),
    );
    const { stdout } = await backtest('--policy', file);
    expect(stdout).toContain('with: tried.yaml');
    expect(stdout).toMatch(/1\.5\.0-bbbb .* red 2 min -> cut-off +right -> open/);
    expect(stdout).toContain('was never measured');
  });

  it('does not pass bands that the recording has no counters for', async () => {
    await twoReleases();
    const file = await policy((text) => text.replaceAll('green: 300', 'green: 321'));
    const ran = await backtest('--policy', file, '--releases', good, '--json');
    const [recorded] = ran.json().recorded as { endings: Record<string, unknown>[] }[];
    expect(recorded?.endings[0]).toMatchObject({ policy: 'now', end: 'green', worth: 'right' });
    expect(recorded?.endings[1]).toMatchObject({
      ...{ policy: 'with', end: 'not-judged', worth: 'open', decidedMs: null },
      notJudged: [expect.objectContaining({ id: 'products-latency' })],
    });
  });

  it('writes streams that give the same again, without the journal', async () => {
    await twoReleases();
    const { stdout } = await backtest('--export', 'streams');
    expect(stdout).toContain('written: ');
    const files = (await readdir(desk.path('streams'))).sort();
    expect(files).toEqual([`${good}.jsonl`, `${bad}.jsonl`]);
    const text = await readFile(desk.path('streams', files[0] ?? ''), 'utf8');
    expect(parseStream(text, 'x')).toMatchObject({ rules: stream, truth: 'good' });
    const other = await (await new Desk().open()).configured();
    try {
      const ran = await other.run(
        ...['canary', 'backtest', '--simulate', '0', '--json', '--streams', desk.path('streams')],
      );
      expect(ran.json().recorded).toMatchObject([
        { from: 'stream', truth: 'good', endings: [{ end: 'green' }] },
        { from: 'stream', truth: 'bad', endings: [{ end: 'red' }] },
      ]);
    } finally {
      await other.close();
    }
  });

  it('simulates as the plan watches, and tells that it does', async () => {
    const words = ['--simulate', '2', '--sessions', '300', '--seed', '9', '--json'];
    const ran = await desk.run('canary', 'backtest', ...words);
    const { simulated } = ran.json();
    expect(simulated).toMatchObject({ runs: 2, seed: 9, sessions: 300, share: 0.05 });
    expect(simulated).toMatchObject({ windowMs: 1_800_000, habits: 'planned' });
    expect(ran.stderr).toContain('simulating 2 canaries: as good as now');
    const again = await desk.run('canary', 'backtest', ...words);
    expect(again.json()).toEqual(ran.json());
  });

  it('simulates as many customers as came when there are recordings', async () => {
    await twoReleases();
    const ran = await desk.run(
      'canary',
      'backtest',
      '--simulate',
      '1',
      '--releases',
      good,
      '--json',
    );
    const simulated = ran.json().simulated as { sessions: number; habits: string };
    expect(simulated.habits).toBe('recorded');
    // In one window, though the recording goes on to the end of the extension.
    expect(simulated.sessions).toBeGreaterThan(8_500);
    expect(simulated.sessions).toBeLessThan(9_500);
  });

  it('passes over a broken journal among all, and not one that was named', async () => {
    await twoReleases();
    await writeFile(desk.path('.aurora/releases', bad, 'journal.jsonl'), 'oops\n');
    const all = await backtest();
    expect(all.exit).toBe(0);
    expect(all.stderr).toContain(`note: ${bad}: not a journal entry`);
    const one = await backtest('--releases', bad);
    expect(one.exit).toBe(2);
    expect(one.stderr).toContain('JOURNAL_BROKEN');
  });

  it.each([
    ['a release that is not there', ['--releases', 'nobody'], 'RELEASE_UNKNOWN'],
    ['bands that are none', ['--policy', 'aurora.config.yaml'], 'PLAN_INVALID'],
    ['a file that is not there', ['--policy', 'nowhere.yaml'], 'PLAN_INVALID'],
    ['streams that are not there', ['--streams', 'nowhere'], 'STREAM_INVALID'],
    ['a directory without streams', ['--streams', 'env'], 'STREAM_INVALID'],
    ['half a canary', ['--simulate', '0.5'], 'USAGE'],
  ])('refuses %s', async (_, words, code) => {
    const ran = await backtest(...words);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(code);
  });

  it('names the line of a stream file that does not fit', async () => {
    await mkdir(desk.path('streams'));
    const text = streamText({ rules: stream, of: 'a test', truth: 'good', readings: healthy });
    await writeFile(desk.path('streams/a.jsonl'), text.replace(/\n.*\n/, '\n{}\n'));
    const ran = await backtest('--streams', 'streams');
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toMatch(/STREAM_INVALID[\s\S]*a\.jsonl:2/);
  });
});
