import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { sha256 } from '../../src/proof/digest.ts';
import { openMongoState, type StateInMongo } from '../../src/release/mongo/open.ts';
import { endMongodb, mongodbUri } from './store-kinds.ts';
import { Wire } from './wire.ts';

let directory: string;
let name: string;
let wire: Wire;
let client: MongoClient;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-mongo-'));
  name = `aurora_test_${randomBytes(6).toString('hex')}`;
  const uri = await mongodbUri();
  wire = await Wire.to(uri);
  client = new MongoClient(uri, { retryWrites: false });
});
afterEach(async () => {
  for (const state of opened.splice(0)) await state.close();
  await wire.cut();
  await client.db(name).dropDatabase();
  await client.close();
  await rm(directory, { recursive: true, force: true });
});
afterAll(endMongodb);

/** The state over the wire, giving up after so long. */
function open(patienceMs = 5_000): StateInMongo {
  const short = 'directConnection=true&serverSelectionTimeoutMS=300';
  const uri = new Secret(`mongodb://127.0.0.1:${wire.port}/?${short}`, 'test');
  const settings = { uri, database: name, stateDirectory: directory, patienceMs };
  const state = openMongoState(settings, systemClock);
  opened.push(state);
  return state;
}

/** Swallows the answer to the next request that holds this text, as a torn network does. */
function loseAnswerTo(text: string): () => number {
  let lost = 0;
  let asked = false;
  wire.passes = (request) => {
    asked ||= lost === 0 && request.includes(text);
    return true;
  };
  wire.swallow = () => {
    if (!asked || lost > 0) return false;
    lost += 1;
    return true;
  };
  return () => lost;
}

describe('an answer that is lost on its way', () => {
  it('does not write an entry twice, nor stop its writer', async () => {
    const { store } = open();
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    const lost = loseAnswerTo('"from":2');
    await writer.append('release.resumed', { from: 2 });
    expect(lost()).toBe(1);
    await writer.append('release.resumed', { from: 3 });
    const entries = await store.read('r1');
    expect(entries.map(({ data }) => data)).toEqual([{ from: 1 }, { from: 2 }, { from: 3 }]);
  });

  it('still stops a writer whose number another one took', async () => {
    const { store } = open();
    const writer = await store.create('r1', 'Alex');
    const lost = loseAnswerTo('"from":2');
    const other = await openDirect().store.open('r1', 'Kim');
    await other.append('release.resumed', { from: 1 });
    await expect(writer.append('release.resumed', { from: 2 })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(lost()).toBe(1);
    expect(await store.read('r1')).toHaveLength(1);
  });

  it('does not make a lease seem another’s', async () => {
    const { leases } = open();
    const from = await leases.read('production');
    const to = {
      environment: 'production',
      fence: 1,
      renewal: 0,
      holder: {
        ...{ release: 'r1', actor: 'Alex', host: 'h', pid: 1, process: 'mine' },
        ...{ since: '2026', expires: '2027' },
      },
    };
    const taken = loseAnswerTo('"mine"'.slice(1, -1));
    expect(await leases.replace(from, to)).toBe(true);
    expect(taken()).toBe(1);
    const renewed = { ...to, renewal: 1 };
    const lost = loseAnswerTo('renewal');
    expect(await leases.replace(to, renewed)).toBe(true);
    expect(lost()).toBe(1);
    expect(await leases.replace(to, renewed)).toBe(true);
    expect(await leases.replace(to, { ...renewed, holder: null })).toBe(false);
  });

  it('leaves a note once', async () => {
    const { store } = open();
    await store.create('r1', 'Alex');
    const lost = loseAnswerTo('lunch');
    const note = { v: 2, note: 'wish', release: 'r1', wish: 'pause', by: 'a', at: 'now' } as const;
    await store.offer({ ...note, reason: 'lunch' });
    expect(lost()).toBe(1);
    expect(await store.inbox('r1')).toHaveLength(1);
  });
});

/** The state without the wire, as another machine reaches it. */
function openDirect(): StateInMongo {
  const uri = new Secret(`${client.options.hosts.map((host) => `mongodb://${host}`)[0]}/`, 'test');
  const state = openMongoState({ uri, database: name, stateDirectory: directory }, systemClock);
  opened.push(state);
  return state;
}

describe('a database that is away', () => {
  it('is waited for, and the entry written when it answers again', async () => {
    const { store } = open(10_000);
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    const { port } = wire;
    await wire.cut();
    const writing = writer.append('release.resumed', { from: 2 });
    wire = await Wire.to(await mongodbUri(), port);
    await writing;
    expect(await store.read('r1')).toHaveLength(2);
  });

  it('is a clear error in the middle of a release, and nothing of it is lost', async () => {
    const { store, leases } = open(200);
    const writer = await store.create('r1', 'Alex');
    await writer.append('release.resumed', { from: 1 });
    const where = `mongodb://127.0.0.1:${wire.port}/${name}`;
    await wire.cut();
    const failure = {
      code: 'STORE_FAILED',
      exitCode: 1,
      message: expect.stringMatching(/^writing the journal failed: \w/),
      where,
      remedy: expect.stringContaining('aurora resume'),
    };
    await expect(writer.append('release.resumed', { from: 2 })).rejects.toMatchObject(failure);
    await expect(writer.append('release.resumed', { from: 3 })).rejects.toMatchObject(failure);
    await expect(leases.read('production')).rejects.toMatchObject({ code: 'STORE_FAILED' });

    const later = openDirect();
    const again = await later.store.open('r1', 'Alex');
    await again.append('release.resumed', { from: 4 });
    const entries = await later.store.read('r1');
    expect(entries.map(({ data }) => data)).toEqual([{ from: 1 }, { from: 4 }]);
  });

  it('is not waited for again and again by whoever has no time', async () => {
    const { store, leases } = open(200);
    await wire.cut();
    await expect(store.list()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    const begin = performance.now();
    for (const call of [
      () => store.list(),
      () => leases.read('production'),
      () => store.create('r1', 'Alex'),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining('did not answer a moment ago'),
      });
    }
    // The driver alone looks for a server for 300 ms each time.
    expect(performance.now() - begin).toBeLessThan(300);
  });

  it('holds a rollback up once only: its writer is not patient', async () => {
    const { store } = open(60_000);
    await (await store.create('r1', 'Alex')).close();
    const rollback = await store.open('r1', 'On-call', { overtakes: true });
    await wire.cut();
    await expect(
      rollback.append('rollback.started', { reason: 'errors', only: null }),
    ).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});

describe('the password of the database', () => {
  it('is in no error, whether the database is away or refuses it', async () => {
    const options = 'directConnection=true&serverSelectionTimeoutMS=300&authMechanism=PLAIN';
    const uri = new Secret(
      `mongodb://me:pass%2Fw0rd-77@127.0.0.1:${wire.port}/?${options}`,
      'test',
    );
    const settings = { uri, database: name, stateDirectory: directory, patienceMs: 200 };
    const state = openMongoState(settings, systemClock);
    opened.push(state);
    const told = async () => {
      const error: unknown = await state.store.list().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STORE_FAILED' });
      return inspect(error, { depth: 9, showHidden: true });
    };
    const texts = [await told()];
    await wire.cut();
    texts.push(await told());
    expect(texts[0]).toContain('Authentication failed');
    for (const text of texts) expect(text).not.toMatch(/pass(%2F|\/)w0rd/);
  });
});

describe('what the database holds', () => {
  it('is the very lines, each under its number, and every document with its digest', async () => {
    const { store } = open();
    const writer = await store.create('r1', 'Alex');
    const first = await writer.append('release.resumed', { from: 1 });
    const second = await writer.append('release.resumed', { from: 2 });
    await store.writeDocument('r1', 'ticket.md', 'old');
    await store.writeDocument('r1', 'ticket.md', 'new');
    const lines = await client.db(name).collection('journal').find().sort({ _id: 1 }).toArray();
    expect(lines.map(({ _id }) => _id)).toEqual([
      { release: 'r1', seq: 1 },
      { release: 'r1', seq: 2 },
    ]);
    expect(lines.map(({ line }) => JSON.parse(line))).toEqual([first, second]);
    expect(second.prev).toBe(sha256(String(lines[0]?.line)));
    expect(await client.db(name).collection('documents').find().toArray()).toMatchObject([
      { _id: { release: 'r1', name: 'ticket.md' }, text: 'new', sha256: sha256('new') },
    ]);
    expect(await readFile(join(directory, 'releases/r1/ticket.md'), 'utf8')).toBe('new');
  });
});
