import { appendFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { goodServer, isAlive, makeBuild, runHost } from './helpers.ts';

type Environment = { env: Record<string, string>; cwd: string; probes: number };
const environmentOf = async (url: unknown) =>
  (await (await fetch(`${url}/env`)).json()) as Environment;

describe('starting a slot', () => {
  it('gives the process exactly its environment, in its own copy of the build', async () => {
    const host = await runHost();
    const build = await makeBuild();
    process.env.MONGODB_URI_OF_PRODUCTION = 'mongodb://ambient';
    const { status, body } = await host.start(build, 'staging/green', {
      AURORA_ENVIRONMENT: 'staging',
      PORT: '1',
      NODE_ENV: 'development',
    });
    delete process.env.MONGODB_URI_OF_PRODUCTION;
    expect([status, body.state, body.build]).toEqual([200, 'ready', build.build]);
    const { env, cwd } = await environmentOf(body.url);
    expect(env).toEqual({
      PATH: process.env.PATH,
      PORT: new URL(String(body.url)).port,
      HOST: '127.0.0.1',
      AURORA_SLOT: 'green',
      NODE_ENV: 'production',
      AURORA_ENVIRONMENT: 'staging',
      CONCIERGE_API_KEY: 'key-0123456789',
    });
    expect(cwd.startsWith(host.directory)).toBe(true);
    expect((await stat(join(cwd, 'server.mjs'))).mode & 0o222).toBe(0);
  });

  it('is ready only after it was warmed up, with marked requests', async () => {
    const host = await runHost({ requests: 150, ms: 5_000 });
    const { body } = await host.start(await makeBuild());
    expect((await environmentOf(body.url)).probes).toBe(150);
  });

  it('goes on running when the directory it came from is gone', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const { body } = await host.start(build);
    await rm(build.buildDirectory, { recursive: true });
    expect((await fetch(`${body.url}/api/health`)).status).toBe(200);
  });

  it('refuses a build of which one byte was altered, and one with a file missing', async () => {
    const host = await runHost();
    const [altered, torn] = [await makeBuild(), await makeBuild()];
    await appendFile(join(altered.buildDirectory, 'widget.js'), ' ');
    await rm(join(torn.buildDirectory, 'manifest.json'));
    for (const build of [altered, torn]) {
      expect(await host.start(build)).toMatchObject({
        status: 422,
        body: { code: 'BUILD_ALTERED' },
      });
      expect(await host.status()).toMatchObject({ state: 'failed', pid: null, url: null });
    }
    expect(await readdir(join(host.directory, 'run'))).toEqual([]);
  });

  it('refuses a process that answers as another build', async () => {
    const host = await runHost();
    const answer = await host.start(
      await makeBuild(
        goodServer
          .replace('{ status: ', '{ x: build, status: ')
          .replace(', build }', ", build: 'other' }"),
      ),
    );
    expect(answer).toMatchObject({ status: 502, body: { code: 'SLOT_FAILED' } });
    expect(answer.body.message).toContain('answers as build other');
    expect((await host.status()).pid).toBeNull();
  });

  it('tells why a process ended before it was ready, its last lines without secrets', async () => {
    const host = await runHost();
    const build = await makeBuild(
      `console.log('connecting to ' + process.env.MONGODB_URI); console.error('no luck with ' + process.env.SPECIAL); process.exit(3);`,
    );
    const answer = await host.send('POST', '/slots/staging/blue', {
      ...build,
      env: { MONGODB_URI: 'mongodb://user:hunter22@127.0.0.1/x', SPECIAL: 'very-special-value' },
      secrets: ['SPECIAL'],
    });
    expect(answer.status).toBe(502);
    expect(answer.body).toMatchObject({
      code: 'SLOT_FAILED',
      message: 'blue of staging did not get ready: exit 3',
      lastLines: ['connecting to [secret]', 'no luck with [secret]'],
    });
    expect(await host.status()).toMatchObject({ state: 'failed', ended: 'exit 3' });
  });

  it('joins the same order, and leaves alone what it already started', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const [first, second] = await Promise.all([host.start(build), host.start(build)]);
    expect(second.body.pid).toBe(first.body.pid);
    expect((await host.start(build)).body.pid).toBe(first.body.pid);
    const other = await host.start(build, 'staging/blue', { AURORA_FAKE_MODE: 'false' });
    expect(other.body.pid).not.toBe(first.body.pid);
    expect(isAlive(Number(first.body.pid))).toBe(false);
  });

  it('keeps slots apart and appends to each one’s own log', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const [blue, green] = await Promise.all([
      host.start(build, 'production/blue'),
      host.start(build, 'production/green'),
    ]);
    expect(blue.body.url).not.toBe(green.body.url);
    await host.stop('production/blue');
    await host.start(build, 'production/blue');
    await host.stop('production/blue');
    const log = await readFile(join(host.directory, 'logs/production-blue.jsonl'), 'utf8');
    expect(log).toBe('{"bye":true}\n{"bye":true}\n');
    expect((await host.status('production/green')).state).toBe('ready');
  });
});

describe('a running slot', () => {
  it('that ends by itself is failed, says how, and is started again when ordered', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const { body } = await host.start(build);
    await fetch(`${body.url}/crash`).catch(() => undefined);
    await vi.waitFor(async () => expect((await host.status()).lastLines).toHaveLength(1));
    expect(await host.status()).toMatchObject({
      state: 'failed',
      ended: 'exit 7',
      pid: null,
      lastLines: ['going down with [secret]'],
    });
    expect((await host.start(build)).body.state).toBe('ready');
    process.kill(Number((await host.status()).pid), 'SIGKILL');
    await vi.waitFor(async () => expect((await host.status()).ended).toBe('signal SIGKILL'));
  });

  it('is stopped gracefully, and by force when it does not listen', async () => {
    const host = await runHost();
    const deaf = goodServer.replace(
      "process.on('SIGTERM', () => {",
      "process.on('SIGTERM', () => { return;",
    );
    const { body } = await host.start(await makeBuild(deaf));
    const stopping = host.stop();
    expect(isAlive(Number(body.pid))).toBe(true);
    expect((await stopping).body).toMatchObject({ state: 'stopped', ended: 'signal SIGKILL' });
    await host.start(await makeBuild());
    expect((await host.stop()).body).toMatchObject({ state: 'stopped', ended: 'exit 0' });
    expect((await host.stop()).status).toBe(200);
  });

  it('can be stopped while it is still starting', async () => {
    const host = await runHost();
    const starting = host.start(await makeBuild('setInterval(() => {}, 1000)'));
    await vi.waitFor(async () => expect((await host.status()).pid).not.toBeNull());
    const { pid } = await host.status();
    await host.stop();
    expect(await starting).toMatchObject({ status: 409, body: { code: 'SLOT_STOPPED' } });
    expect(isAlive(Number(pid))).toBe(false);
    expect((await host.status()).state).toBe('stopped');
  });
});

describe('the host service', () => {
  it('lists every slot, those that never ran as stopped', async () => {
    const host = await runHost();
    const list = await host.list();
    expect(list.map((one) => `${one.environment}/${one.slot}`)).toEqual([
      'staging/blue',
      'staging/green',
      'production/blue',
      'production/green',
    ]);
    expect(new Set(list.map((one) => one.state))).toEqual(new Set(['stopped']));
  });

  it('takes its token only, known slots only, and sensible orders only', async () => {
    const host = await runHost();
    expect((await fetch(`${host.host}/slots`)).status).toBe(401);
    const headers = { authorization: 'Bearer x' };
    expect((await fetch(`${host.host}/slots`, { headers })).status).toBe(403);
    expect((await host.stop('staging/red')).status).toBe(400);
    const relative = { buildDirectory: 'x', build: 'a'.repeat(64), env: {} };
    const refused = await host.send('POST', '/slots/staging/blue', relative);
    expect(refused).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('lets starts fail in one environment the way a taken port does, until told otherwise', async () => {
    const host = await runHost();
    const build = await makeBuild();
    await host.send('POST', '/faults', { startFails: 'production' });
    const failed = await host.start(build, 'production/blue');
    expect(failed).toMatchObject({ status: 502, body: { code: 'SLOT_FAILED' } });
    expect(String((failed.body.lastLines as string[])[0])).toContain('EADDRINUSE');
    expect((await host.start(build, 'staging/blue')).status).toBe(200);
    await host.send('POST', '/faults', { startFails: null });
    expect((await host.start(build, 'production/blue')).status).toBe(200);
  });

  it('stops all its slots when it closes', async () => {
    const host = await runHost();
    const { body } = await host.start(await makeBuild());
    await host.close();
    expect(isAlive(Number(body.pid))).toBe(false);
  });
});
