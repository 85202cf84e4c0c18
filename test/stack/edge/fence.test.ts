import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { openProcessDriver } from '../../../src/deploy/process-driver.ts';
import { ChangeGuard } from '../../../src/services/http/change-guard.ts';
import { edgeFor, type TestEdge } from './helpers.ts';

const never = new AbortController().signal;

/** Switches all traffic away, under this number if there is one. */
async function put(edge: TestEdge, fence?: string | number) {
  const told = fence === undefined ? {} : { 'x-aurora-fence': String(fence) };
  const answer = await fetch(`${edge.admin}/traffic`, {
    method: 'PUT',
    headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json', ...told },
    body: JSON.stringify({ stable: { slot: 'blue', url: 'http://127.0.0.1:1' }, candidate: null }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('the edge and the number of a lease', () => {
  it('takes the same number again and every higher one, and refuses a lower one from then on', async () => {
    const edge = await edgeFor();
    const answers = [];
    for (const fence of [3, 3, 7, 3, 6, 7, 8]) answers.push((await put(edge, fence)).status);
    expect(answers).toEqual([200, 200, 200, 409, 409, 200, 200]);
    expect((await put(edge, 2)).body).toMatchObject({ code: 'FENCE_LOWER', fence: 8 });
  });

  it('changes nothing for whoever is refused', async () => {
    const edge = await edgeFor();
    await edge.route(null);
    const before = await edge.traffic();
    await put(edge, 9).then(() => edge.route(null));
    expect((await put(edge, 8)).status).toBe(409);
    expect((await edge.traffic()).stable).toEqual(before.stable);
  });

  it('knows the number after it was restarted, in a file of the owner’s', async () => {
    const first = await edgeFor();
    await put(first, 5);
    await first.close();
    const again = await edgeFor({ trafficFile: first.options.trafficFile });
    expect((await put(again, 4)).status).toBe(409);
    expect((await put(again, 5)).status).toBe(200);
    expect((await stat(`${first.options.trafficFile}.fences`)).mode & 0o777).toBe(0o600);
  });

  it('takes an administrator who has no number, and forgets none by it', async () => {
    const edge = await edgeFor();
    await put(edge, 5);
    expect((await put(edge)).status).toBe(200);
    expect((await put(edge, 4)).status).toBe(409);
  });

  it.each(['0', '-1', '1.5', 'seven', ''])('takes %j for no number', async (fence) => {
    const edge = await edgeFor();
    expect(await put(edge, fence)).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    });
  });

  it('writes no number down that came without the right to change anything', async () => {
    const edge = await edgeFor();
    const headers = { authorization: 'Bearer wrong', 'x-aurora-fence': '99' };
    expect((await fetch(`${edge.admin}/traffic`, { method: 'PUT', headers })).status).toBe(403);
    expect((await put(edge, 1)).status).toBe(200);
  });

  it('does not start over numbers that it cannot read', async () => {
    const edge = await edgeFor();
    await edge.close();
    await writeFile(`${edge.options.trafficFile}.fences`, '{"production":');
    await expect(edgeFor({ trafficFile: edge.options.trafficFile })).rejects.toThrow(
      'cannot be read',
    );
  });

  it('lets the highest of many stand that come at once', async () => {
    const edge = await edgeFor();
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(edge, ((n * 7) % 20) + 1)));
    expect(JSON.parse(await readFile(`${edge.options.trafficFile}.fences`, 'utf8'))).toEqual({
      production: 20,
    });
  });

  it('tells the driver of whoever was overtaken that the lease is lost', async () => {
    const edge = await edgeFor();
    const guard = new ChangeGuard();
    const token = new Secret('admin-token', 'test');
    // No slot takes traffic here, so the host is not asked for anything that it could refuse.
    const options = { host: edge.admin, edge: edge.admin, token, guard };
    const driver = openProcessDriver('production', options);
    const route = () => driver.prepare.route([], { stable: null, candidate: null }).send(never);
    guard.arm(async () => undefined, { production: 4 });
    await route();
    await put(edge, 5);
    await expect(route()).rejects.toMatchObject({ code: 'LEASE_LOST', exitCode: 7 });
    guard.arm(async () => undefined, { production: 6 });
    await route();
  });
});
