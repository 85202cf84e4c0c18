import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvFile } from '../../../src/config/env-file.ts';
import { type StackState, stackUp } from '../../../src/stack/index.ts';
import {
  stackDown,
  stackFault,
  stackReset,
  stackStatus,
} from '../../../src/stack/supervisor/manage.ts';
import { untilGone } from '../../../src/stack/supervisor/processes.ts';
import { bundleDirectory, flagServerAvailable } from '../flags/running.ts';
import { bundleParts } from './bundles.ts';

const available = await flagServerAvailable();
const signal = AbortSignal.timeout(180_000);

/** What somebody has exported who works with production; a rehearsal must not come near it. */
const ambient = [
  'MONGODB_URI',
  'REDIS_URL',
  'VAULT_ADDR',
  'UNLEASH_URL',
  'DATABASE_URL',
  'HTTP_PROXY',
  'http_proxy',
];

describe.skipIf(!available)('a local stack', () => {
  let root: string;
  let directory: string;
  let parts: string;
  let state: StackState;
  let trap: Server;
  let trapped = 0;
  const before = new Map<string, string | undefined>();

  const up = (partsDirectory = parts, into = directory) =>
    stackUp(
      { directory: into, stateDirectory: root, partsDirectory },
      { signal, onProgress: () => undefined },
    );
  const credential = async (name: string) => {
    const file = await readEnvFile(join(directory, 'credentials.env'));
    return file.get(`AURORA_LOCAL_${name}`) ?? '';
  };
  const database = async <T>(work: (client: MongoClient) => Promise<T>): Promise<T> => {
    const client = new MongoClient(await credential('MONGODB_URI'));
    return work(client).finally(() => client.close());
  };
  const json = async <T>(url: string, init?: RequestInit) =>
    JSON.parse(await (await fetch(url, init)).text()) as T;
  const flag = async (name: string) => {
    const headers = { authorization: await credential('UNLEASH_PRODUCTION_TOKEN') };
    return json<{ enabled: boolean }>(`${state.addresses.flags}/api/client/features/${name}`, {
      headers,
    });
  };
  /** Logs in as aurora does and reads the production key: the status, and the value. */
  const productionKey = async () => {
    const vault = `${state.addresses.vault}/v1`;
    const [role_id, secret_id] = await Promise.all(
      ['VAULT_ROLE_ID', 'VAULT_SECRET_ID'].map(credential),
    );
    const body = JSON.stringify({ role_id, secret_id });
    const login = await fetch(`${vault}/auth/approle/login`, { method: 'POST', body });
    if (!login.ok) return { status: login.status, value: undefined };
    const { auth } = (await login.json()) as { auth: { client_token: string } };
    const headers = { 'x-vault-token': auth.client_token };
    const { data } = await json<KeyAnswer>(`${vault}/secret/data/aurora-prod-api-key`, { headers });
    return { status: 200, value: data.data.value };
  };
  const fault = (name: Parameters<typeof stackFault>[0]) => stackFault(name, directory, signal);
  const ended = (name: string, now: StackState) => now.parts.find((p) => p.name === name)?.ended;
  const productionEnv = () => readEnvFile(join(directory, 'env', 'production.env'));

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'aurora-stack-'));
    directory = join(root, 'stack');
    parts = await bundleDirectory();
    await bundleParts(parts);
    trap = createServer((socket) => {
      trapped += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const { port } = trap.address() as { port: number };
    for (const name of ambient) {
      before.set(name, process.env[name]);
      process.env[name] = `http://127.0.0.1:${port}/`;
    }
    state = await up();
  }, 120_000);

  afterAll(async () => {
    await stackDown(directory, signal);
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    trap?.close();
    await Promise.all([root, parts].map((path) => rm(path, { recursive: true, force: true })));
  }, 20_000);

  it('runs every part, and tells what runs where', async () => {
    const now = await stackStatus(directory, signal);
    expect(now.parts.map((part) => part.name).sort()).toEqual(
      'edge-production edge-staging flags host model mongo receivers redis shoppers vault'.split(
        ' ',
      ),
    );
    expect(now.parts.every((part) => part.ended === null)).toBe(true);
    for (const address of Object.values(now.addresses)) {
      expect(address).toMatch(/^\w+:\/\/127\.0\.0\.1:2\d{4}$/);
    }
  });

  it('is filled: shop, past events, flags, secrets', async () => {
    const counts = await database(async (client) => ({
      staging: await client.db('concierge_staging').collection('products').countDocuments(),
      production: await client.db('concierge_production').collection('orders').countDocuments(),
      events: await client.db('aurora').collection('events').countDocuments(),
    }));
    expect(Object.values(counts).every((count) => count > 10)).toBe(true);
    expect(await flag('AURORA_WIDGET_ENABLED')).toMatchObject({
      enabled: true,
      strategies: [{ variants: [{ name: 'stable' }] }],
    });
    expect((await productionKey()).value).toMatch(/^ck_prod_/);
  });

  it('keeps secrets out of the state file, arguments and environments', async () => {
    const secrets = [...(await readEnvFile(join(directory, 'credentials.env'))).values()];
    const texts = [await readFile(join(directory, 'state.json'), 'utf8')];
    const pids = [state.pid, ...state.parts.map((part) => part.pid)].map(String);
    texts.push((await execa('ps', ['-o', 'args=', '-p', pids.join()])).stdout);
    for (const pid of pids) {
      texts.push(await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''));
    }
    for (const secret of secrets) {
      const password = /:\/\/:([^@]+)@/.exec(secret)?.[1] ?? secret;
      for (const text of texts) expect(text.includes(password) && !isAddress(secret)).toBe(false);
    }
    for (const file of ['state.json', 'control.token', 'credentials.env', 'env/staging.env']) {
      expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('is not started twice in one directory', async () => {
    await expect(up()).rejects.toMatchObject({ code: 'STACK_RUNNING' });
  });

  it('breaks an endpoint in an env file, and repairs it', async () => {
    const good = await productionEnv();
    await fault('env-mismatch');
    const changed = [...(await productionEnv())].filter(
      ([name, value]) => good.get(name) !== value,
    );
    expect(changed).toEqual([
      [
        'CONCIERGE_RETURNS_ENDPOINT',
        'https://staging.api.glowglitch.com/api/concierge/orders/returns',
      ],
    ]);
    await fault('clear');
    expect(await productionEnv()).toEqual(good);
  });

  it('refuses to drop an index before there is one; drops it, and makes it again', async () => {
    await expect(fault('missing-index')).rejects.toMatchObject({ code: 'RELEASE_STATE' });
    const names = () =>
      database(async (client) => {
        const feedback = client.db('concierge_staging').collection('csatFeedback');
        return (await feedback.listIndexes().toArray()).map((index) => index.name);
      });
    await database((client) =>
      client.db('concierge_staging').collection('csatFeedback').createIndex({ sessionId: 1 }),
    );
    expect((await fault('missing-index')).faults).toEqual(['missing-index']);
    expect(await names()).toEqual(['_id_']);
    expect((await fault('clear')).faults).toEqual([]);
    expect(await names()).toEqual(['_id_', 'sessionId_1']);
  });

  it('seals the vault, and unseals it', async () => {
    await fault('vault-sealed');
    expect((await productionKey()).status).toBe(503);
    await fault('clear');
    expect((await productionKey()).status).toBe(200);
  });

  it('takes the customers away, and lets them come again', async () => {
    const rates = `${state.addresses.shoppers}/rates`;
    const put = (body: object) =>
      fetch(rates, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    await put({ staging: 1, production: 2 });
    await fault('no-traffic');
    expect(await json(rates)).toEqual({ staging: 1, production: 0 });
    await fault('clear');
    expect(await json(rates)).toEqual({ staging: 1, production: 2 });
    await put({ staging: 0, production: 0 });
  });

  it('makes starts in production fail and its metrics unreadable, and ends both', async () => {
    const headers = { authorization: `Bearer ${await credential('DRIVER_TOKEN')}` };
    const faults = () => json(`${state.addresses.host}/faults`, { headers });
    await fault('prod-start-fails');
    expect(await faults()).toEqual({ startFails: 'production', metricsAway: null });
    await fault('metrics-down');
    expect(await faults()).toEqual({ startFails: 'production', metricsAway: 'production' });
    await fault('clear');
    expect(await faults()).toEqual({ startFails: null, metricsAway: null });
  });

  it('makes the language model ill in three ways, one at a time, and well again', async () => {
    const now = async () =>
      (await json<{ fault: string | null }>(`${state.addresses.model}/asked`)).fault;
    await fault('model-slow');
    expect(await now()).toBe('slow');
    await fault('model-wrong');
    await fault('model-quota');
    expect(await now()).toBe('quota');
    expect((await fault('clear')).faults).toEqual([]);
    expect(await now()).toBeNull();
  });

  it('refuses to restart a candidate before there is one', async () => {
    await expect(fault('counter-reset')).rejects.toMatchObject({ code: 'RELEASE_STATE' });
    expect((await stackStatus(directory, signal)).faults).toEqual([]);
  });

  it('loses its servers, and starts them again with their data and indexes', async () => {
    for (const name of ['redis-dead', 'vault-dead', 'database-dead'] as const) await fault(name);
    const broken = await stackStatus(directory, signal);
    for (const part of ['redis', 'vault', 'mongo']) {
      expect(ended(part, broken)).toBe('signal SIGKILL');
    }
    const repaired = await fault('clear');
    for (const part of ['redis', 'vault', 'mongo']) expect(ended(part, repaired)).toBeNull();
    expect((await productionKey()).status).toBe(200);
    const [products, indexes] = await database(async (client) => {
      const db = client.db('concierge_staging');
      return [
        await db.collection('products').countDocuments(),
        await db.collection('csatFeedback').listIndexes().toArray(),
      ] as const;
    });
    expect(products).toBeGreaterThan(10);
    expect(indexes.map((index) => index.name)).toContain('sessionId_1');
  });

  it('goes back to its beginning in about a second, whatever was done to it', async () => {
    const key = (await productionKey()).value;
    for (const name of ['vault-sealed', 'redis-dead', 'env-mismatch'] as const) await fault(name);
    await database(async (client) => {
      await client.db('concierge_production').collection('returns').insertOne({ rmaId: 'RMA-1' });
    });
    await fetch(
      `${state.addresses.flags}/api/admin/projects/default/features/AURORA_WIDGET_ENABLED/environments/production/off`,
      {
        method: 'POST',
        headers: { authorization: await credential('UNLEASH_ADMIN_TOKEN') },
      },
    );
    const began = performance.now();
    const now = await stackReset(directory, signal);
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(now.faults).toEqual([]);
    expect(now.parts.every((part) => part.ended === null)).toBe(true);
    expect((await productionKey()).value).toBe(key);
    expect((await flag('AURORA_WIDGET_ENABLED')).enabled).toBe(true);
    const returns = await database((client) =>
      client.db('concierge_production').collection('returns').countDocuments(),
    );
    expect(returns).toBe(0);
  });

  it('leaves nothing behind when a part does not start, and names it', async () => {
    const broken = await bundleDirectory();
    const elsewhere = join(root, 'broken');
    try {
      await cp(parts, broken, { recursive: true });
      await writeFile(join(broken, 'redis.js'), `throw new Error('out of memory');`);
      await expect(up(broken, elsewhere)).rejects.toMatchObject({
        code: 'STACK_START_FAILED',
        message: expect.stringMatching(/^redis: .*out of memory/),
        where: join(elsewhere, 'logs', 'redis.log'),
      });
      const { stdout } = await execa('ps', ['-A', '-o', 'args=']);
      expect(stdout).not.toContain(broken);
      await expect(stackStatus(elsewhere, signal)).rejects.toMatchObject({
        code: 'STACK_NOT_RUNNING',
      });
    } finally {
      await rm(broken, { recursive: true, force: true });
    }
  });

  it('leaves no orphans when its supervisor is killed, and comes up again', async () => {
    const pids = state.parts.map((part) => part.pid);
    process.kill(state.pid, 'SIGKILL');
    expect(await untilGone([state.pid, ...pids], 8_000)).toBe(true);
    await expect(stackStatus(directory, signal)).rejects.toMatchObject({
      code: 'STACK_NOT_RUNNING',
    });
    state = await up();
    expect(state.parts.every((part) => part.ended === null)).toBe(true);
  }, 60_000);

  it('ends within three seconds, and is gone', async () => {
    const began = performance.now();
    expect(await stackDown(directory, signal)).toBe(true);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await untilGone([state.pid, ...state.parts.map((part) => part.pid)], 0)).toBe(true);
    expect(await stackDown(directory, signal)).toBe(false);
  });

  it('never went near what the environment of its user names', () => {
    expect(trapped).toBe(0);
  });
});

interface KeyAnswer {
  readonly data: { readonly data: { readonly value: string } };
}

/** Addresses without a password are no secret: the state file tells them. */
const isAddress = (text: string) => /^\w+:\/\/127\.0\.0\.1:\d+$/.test(text);
