import { readFile, writeFile } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../src/app/open-state.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RunningPart } from '../../src/stack/child.ts';
import { start } from '../../src/stack/mongo/start.ts';
import { Desk } from './support.ts';

const id = '20250101-000000-1.4.0-aaaa';
let server: RunningPart;
let desk: Desk;

beforeAll(async () => {
  server = await start({ port: 0 });
});
afterAll(() => server.close());
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  desk.variables.STATE_URI = server.endpoints.mongodb ?? '';
});
afterEach(() => desk.close());

/** Puts another setting in the place of the template's `store`. */
async function keepIn(setting: string): Promise<void> {
  const path = desk.path('aurora.config.yaml');
  const text = await readFile(path, 'utf8');
  const changed = text.replace('store:\n  kind: files\n', `store: ${setting}\n`);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

/** Works on the state that the configuration names, as another process does. */
async function withState(work: (state: ReturnType<typeof openState>) => Promise<unknown>) {
  const state = openState(await loadConfig(desk.path('aurora.config.yaml')), desk.variables);
  try {
    await work(state);
  } finally {
    await state.close();
  }
}

describe('releases that are kept in a database', () => {
  beforeEach(() => keepIn('{ kind: mongodb, uri: { env: STATE_URI }, database: state_test }'));
  afterEach(async () => {
    const client = new MongoClient(server.endpoints.mongodb ?? '');
    await client.db('state_test').dropDatabase();
    await client.close();
  });

  it('are told of by every verb as those in files are', async () => {
    expect((await desk.run('history', '--json')).json()).toMatchObject({ releases: [] });
    await withState(async ({ store, leases }) => {
      const writer = await store.create(id, 'Alex W.');
      await writer.append('rollback.started', { reason: 'errors', only: 'flags' });
      const lease = await leases.acquire('production', id, 'Alex W.');
      expect((await desk.run('status', '--json')).json()).toMatchObject({ id, alive: true });
      await lease.release();
    });
    expect((await desk.run('status', '--json')).json()).toMatchObject({ id, alive: false });
    expect((await desk.run('history', '--json')).json()).toMatchObject({ releases: [{ id }] });
  });

  it('are looked at by the doctor, who tells when they are out of reach', async () => {
    const row = async () => {
      const { rows } = (await desk.run('doctor', '--json')).json();
      return (rows as { what: string }[]).find(({ what }) => what === 'releases');
    };
    await withState(async ({ store, leases }) => {
      await store.create(id, 'Alex W.');
      const lease = await leases.acquire('production', id, 'Alex W.');
      const detail = `1 kept; ${id} holds production`;
      expect(await row()).toEqual({ what: 'releases', ok: true, detail, remedy: null });
      await lease.release();
    });
    desk.variables.STATE_URI = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200';
    expect(await row()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('listing releases failed'),
    });
  });

  it('are not looked for where no address was given', async () => {
    desk.variables.STATE_URI = '';
    expect(await desk.run('status')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('CREDENTIAL_MISSING: STATE_URI is not set (store/uri)'),
    });
  });

  it('are out of reach, without a word of the password, when the database is away', async () => {
    desk.variables.STATE_URI = 'mongodb://me:hidden-77@127.0.0.1:1/?serverSelectionTimeoutMS=200';
    const { exit, stderr } = await desk.run('status');
    expect(exit).toBe(1);
    expect(stderr).toContain('STORE_FAILED: listing releases failed: ');
    expect(stderr).toContain('(mongodb://127.0.0.1:1/state_test)');
    expect(stderr).not.toContain('hidden-77');
  });
});

describe('the setting of where releases are kept', () => {
  it.each([
    ['{ kind: postgres }', 'store'],
    ['{ kind: mongodb, uri: "mongodb://u:p@h/" }', 'a secret is a reference'],
    ['{ kind: files, uri: { env: X } }', 'uri'],
  ])('is refused as %s', async (setting, message) => {
    await keepIn(setting);
    expect(await desk.run('status')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(new RegExp(`CONFIG_INVALID: .*${message}`)),
    });
  });

  it('is files when it is left out', async () => {
    await keepIn('');
    const path = desk.path('aurora.config.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^store: ?\n/m, ''));
    expect((await loadConfig(path)).config.store).toEqual({ kind: 'files' });
  });
});
