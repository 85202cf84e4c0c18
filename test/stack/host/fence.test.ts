import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBuild, runHost, token } from './helpers.ts';

type Host = Awaited<ReturnType<typeof runHost>>;

async function send({ host }: Host, method: string, path: string, fence?: number, body?: object) {
  const told = fence === undefined ? {} : { 'x-aurora-fence': String(fence) };
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${host}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...told, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.status;
}

describe('the host and the number of a lease', () => {
  it('neither starts nor stops a slot for a number that is no longer the highest', async () => {
    const host = await runHost();
    const order = { ...(await makeBuild()), env: {} };
    const at = '/slots/production/green';
    expect(await send(host, 'POST', at, 5, order)).toBe(200);
    expect(await send(host, 'DELETE', at, 4)).toBe(409);
    expect((await host.status('production/green')).state).toBe('ready');
    expect(await send(host, 'DELETE', at, 6)).toBe(200);
    expect(await send(host, 'POST', at, 5, order)).toBe(409);
    expect((await host.status('production/green')).state).toBe('stopped');
    expect(await send(host, 'POST', at, undefined, order)).toBe(200);
    expect(JSON.parse(await readFile(join(host.directory, 'fences.json'), 'utf8'))).toEqual({
      production: 6,
    });
  });

  it('keeps a number for each environment, and asks none of whoever looks', async () => {
    const host = await runHost();
    expect(await send(host, 'DELETE', '/slots/production/green', 9)).toBe(200);
    expect(await send(host, 'DELETE', '/slots/staging/green', 2)).toBe(200);
    expect(await send(host, 'DELETE', '/slots/staging/green', 1)).toBe(409);
    expect(await send(host, 'GET', '/slots', 1)).toBe(200);
    expect(await send(host, 'POST', '/faults', 1, { startFails: null })).toBe(200);
  });

  it('says that a slot is not there before it thinks about numbers', async () => {
    const host = await runHost();
    expect(await send(host, 'DELETE', '/slots/production/red', 9)).toBe(400);
    expect(await send(host, 'DELETE', '/slots/production/green', 1)).toBe(200);
  });
});
