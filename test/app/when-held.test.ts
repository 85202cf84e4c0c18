import { mkdir, writeFile } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../../src/app/io.ts';
import { openState } from '../../src/app/open-state.ts';
import { whenHeldOf } from '../../src/app/when-held.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { noLease } from '../../src/release/lease-store.ts';
import { Desk } from './support.ts';

const id = '20261122-000000-1.4.0-aaaa';
let desk: Desk;
let state: ReturnType<typeof openState>;
let directory: string;
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  const loaded = await loadConfig(desk.path('aurora.config.yaml'));
  directory = loaded.stateDirectory;
  state = openState(loaded, desk.variables);
});
afterEach(async () => {
  await state.close();
  await desk.close();
});

/** The terminal of somebody who types this; what it shows is kept. */
function terminal(typed: string | null) {
  let shown = '';
  const stderr = new Writable({
    write: (chunk, _encoding, done) => {
      shown += String(chunk);
      done();
    },
  });
  const input = Object.assign(new PassThrough(), { isTTY: typed !== null });
  const io: Io = {
    ...{ stdout: stderr, stderr, stdin: input },
    ...{ variables: {}, workingDirectory: desk.directory },
  };
  const streams = () => {
    if (typed !== null) input.write(typed);
    return { input, output: stderr };
  };
  return { io, streams, shown: () => shown };
}

const engine = () => ({ leases: state.leases, signal: new AbortController().signal });

async function heldRecord() {
  const lease = await state.leases.acquire('production', id, 'Alex W.');
  const record = await state.leases.read('production');
  await lease.release();
  return record;
}

describe('--takeover', () => {
  it('needs --yes where nobody can be asked, and takes nothing without', async () => {
    for (const verb of [['release', '1.4.0'], ['resume'], ['gate', '1', '--build', '1.4.0']]) {
      const { exit, stderr } = await desk.run(...verb, '--takeover');
      expect([exit, stderr]).toEqual([2, expect.stringContaining('--yes')]);
    }
    expect(await state.leases.read('production')).toEqual(noLease('production'));
  });

  it('does not go together with --wait', async () => {
    const { exit, stderr } = await desk.run('resume', '--wait', '10 min', '--takeover', '--yes');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
  });

  it.each([
    ['y\n', true],
    ['n\n', false],
    ['\n', false],
  ])('asks who sits at the terminal, holder first, and takes %j for %s', async (typed, agreed) => {
    const { io, streams, shown } = terminal(typed);
    const when = whenHeldOf(io, { takeover: true }, engine(), streams);
    if (when?.kind !== 'take-over') throw new Error('no takeover');
    const record = await heldRecord();
    expect(await when.confirm(record)).toBe(agreed);
    expect(shown()).toContain(`release ${id} of Alex W. since`);
  });

  it('with --yes asks nobody, and says whom it takes over from', async () => {
    const { io, shown } = terminal(null);
    const when = whenHeldOf(io, { takeover: true, yes: true }, engine());
    if (when?.kind !== 'take-over') throw new Error('no takeover');
    const record = await heldRecord();
    expect(await when.confirm(record)).toBe(true);
    expect(await when.confirm({ ...record, environment: 'staging' })).toBe(true);
    expect(shown()).toMatch(/^taking over: production is held by release .+ ago\n$/);
  });
});

describe('--wait', () => {
  it.each([
    [['--wait'], 30 * 60_000],
    [['--wait', '90 s'], 90_000],
    [['--wait', '10min'], 600_000],
  ])('%j waits so long, and says for whom', async (words, withinMs) => {
    const { exit, stderr } = await desk.run('resume', id, ...words);
    // The option is understood: what is missing is the release.
    expect([exit, stderr]).toEqual([2, expect.stringContaining('RELEASE_UNKNOWN')]);
    const { io, shown } = terminal(null);
    const when = whenHeldOf(io, { wait: withinMs }, engine());
    if (when?.kind !== 'wait') throw new Error('no wait');
    expect(when.withinMs).toBe(withinMs);
    when.onHeld(await heldRecord());
    expect(shown()).toMatch(/^waiting at most .+: production is held by release .+ ago\n$/);
  });

  it('wants a duration', async () => {
    const { exit, stderr } = await desk.run('release', '1.4.0', '--wait', 'long');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('duration')]);
  });

  it('is not wished for by whoever says nothing', () => {
    expect(whenHeldOf(terminal(null).io, {}, engine())).toBeUndefined();
  });
});

describe('entries that are in no journal yet', () => {
  it('are remarked by status and history, with the way to merge them', async () => {
    const writer = await state.store.create(id, 'Alex W.');
    await writer.append('rollback.started', { reason: 'errors', only: null });
    await writer.close();
    await mkdir(`${directory}/rescue`);
    await writeFile(`${directory}/rescue/${id}.jsonl`, '');
    await writeFile(`${directory}/rescue/another.jsonl`, '');
    await writeFile(`${directory}/rescue/third.jsonl.merged`, '');
    const status = await desk.run('status', id);
    expect(status.stderr).toContain(`rescue/${id}.jsonl; the next rollback, resume or release`);
    expect(status.stderr).not.toContain('another');
    const history = await desk.run('history', '--json');
    expect(history.stderr).toContain('rescue/another.jsonl');
    expect(history.stderr).not.toContain('third');
    expect(history.json().kind).toBe('history');
  });
});
