import { rm } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { goodServer, isAlive, makeBuild, runHost, type TestBuild } from './helpers.ts';

type Host = Awaited<ReturnType<typeof runHost>>;

const slot = 'production/green';
const renew = (host: Host) => host.send('POST', `/slots/${slot}/successor`);
const endPredecessor = (host: Host) => host.send('DELETE', `/slots/${slot}/predecessor`);

/** A build whose second process and all later ones do not get ready. */
async function onceOnly(): Promise<TestBuild> {
  const first = `import { existsSync as known, writeFileSync as remember } from 'node:fs';
    if (known(process.env.MARK)) process.exit(4);
    remember(process.env.MARK, '');`;
  return makeBuild(`${first}${goodServer}`);
}

describe('renewing a slot', () => {
  it('starts the same order beside what runs; the process before serves until it is ended', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const { body: before } = await host.start(build, slot, { COLOUR: 'teal' });
    const { status, body: now } = await renew(host);
    expect(status).toBe(200);
    expect(now).toMatchObject({ state: 'ready', build: build.build });
    expect(now.pid).not.toBe(before.pid);
    expect(now.url).not.toBe(before.url);
    expect(Number(now.startedAt)).toBeGreaterThanOrEqual(Number(before.startedAt));
    expect((await fetch(`${before.url}/api/health`)).status).toBe(200);
    const told = (await (await fetch(`${now.url}/env`)).json()) as { env: Record<string, string> };
    expect(told.env.COLOUR).toBe('teal');
    expect((await endPredecessor(host)).body).toMatchObject({ state: 'ready', pid: now.pid });
    expect([isAlive(Number(before.pid)), isAlive(Number(now.pid))]).toEqual([false, true]);
  });

  it('tells the process of now to whoever gives the same order again', async () => {
    const host = await runHost();
    const build = await makeBuild();
    await host.start(build, slot);
    const { body } = await renew(host);
    expect((await host.start(build, slot)).body).toMatchObject({ pid: body.pid, url: body.url });
  });

  it('keeps what runs when the new process does not get ready', async () => {
    const host = await runHost();
    const mark = `${host.directory}/started-once`;
    const { body } = await host.start(await onceOnly(), slot, { MARK: mark });
    expect(await renew(host)).toMatchObject({
      status: 502,
      body: { code: 'SLOT_FAILED', message: 'exit 4' },
    });
    expect(await host.status(slot)).toMatchObject({ state: 'ready', pid: body.pid, url: body.url });
    expect((await fetch(`${body.url}/api/health`)).status).toBe(200);
  });

  it('is refused where nothing runs, whether nothing ever did or it was stopped', async () => {
    const host = await runHost();
    const empty = { status: 409, body: { code: 'SLOT_EMPTY' } };
    expect(await renew(host)).toMatchObject(empty);
    await host.start(await makeBuild(), slot);
    await host.stop(slot);
    expect(await renew(host)).toMatchObject(empty);
    expect((await endPredecessor(host)).status).toBe(200);
  });

  it('leaves nothing behind: a stop ends both processes', async () => {
    const host = await runHost();
    const { body: before } = await host.start(await makeBuild(), slot);
    const { body: now } = await renew(host);
    await host.stop(slot);
    expect([before.pid, now.pid].map((pid) => isAlive(Number(pid)))).toEqual([false, false]);
  });

  it('still sees the new process fail', async () => {
    const host = await runHost();
    await host.start(await makeBuild(), slot);
    const { body } = await renew(host);
    process.kill(Number(body.pid), 'SIGKILL');
    await vi.waitFor(async () =>
      expect(await host.status(slot)).toMatchObject({ state: 'failed', ended: 'signal SIGKILL' }),
    );
  });
});

describe('the gate before the metrics', () => {
  const ask = async (url: unknown, path: string) => (await fetch(`${url}${path}`)).status;

  it('closes and opens for processes that run, and touches nothing else', async () => {
    const host = await runHost();
    const build = await makeBuild();
    const [{ body: blue }, { body: staging }] = await Promise.all([
      host.start(build, 'production/blue'),
      host.start(build, 'staging/blue'),
    ]);
    const path = '/api/metrics?format=prometheus';
    expect(await ask(blue.url, path)).toBe(200);
    const closed = await host.send('POST', '/faults', { metricsAway: 'production' });
    expect(closed.body).toEqual({ startFails: null, metricsAway: 'production' });
    expect(await ask(blue.url, path)).toBe(503);
    expect(await ask(blue.url, '/api/health')).toBe(200);
    expect(await ask(staging.url, path)).toBe(200);
    const { body: late } = await host.start(build, 'production/green');
    expect(await ask(late.url, path)).toBe(503);
    await host.send('POST', '/faults', { metricsAway: null });
    expect(await ask(blue.url, path)).toBe(200);
    expect(await ask(late.url, path)).toBe(200);
    expect((await host.status('production/blue')).pid).toBe(blue.pid);
  });

  it('can be closed before any slot ever ran', async () => {
    const host = await runHost();
    await rm(host.directory, { recursive: true });
    const closed = await host.send('POST', '/faults', { metricsAway: 'staging' });
    expect(closed).toMatchObject({ status: 200, body: { metricsAway: 'staging' } });
    const { body } = await host.start(await makeBuild());
    expect(await ask(body.url, '/api/metrics')).toBe(503);
  });
});
