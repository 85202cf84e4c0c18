import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../../src/base/errors.ts';
import { ChangeGuard } from '../../../src/services/http/change-guard.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { http } from '../../../src/services/http/request.ts';
import { type Loopback, loopback } from '../../checks/support/loopback.ts';

const never = new AbortController().signal;
const lost = () => Promise.reject(new AuroraError('LEASE_LOST', 'somebody took over'));

let server: Loopback;
let guard: ChangeGuard;
let dispatcher: ReturnType<typeof createDispatcher>;
beforeEach(async () => {
  server = await loopback(() => ({ body: { ok: true } }));
  guard = new ChangeGuard();
  dispatcher = createDispatcher({}, guard);
});
afterEach(async () => {
  await dispatcher.destroy();
  await server.close();
});

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'PURGE';
const changing = ['POST', 'PUT', 'DELETE', 'PATCH', 'PURGE'] as const;
const send = (method: Method, signal = never) =>
  http({ method, url: `${server.url}/x`, dispatcher }, signal);

describe('the guard before changes', () => {
  it('lets everything pass while it is not armed, and knows no number', async () => {
    expect(guard.fenceOf('production')).toBeNull();
    for (const method of ['GET', 'HEAD', ...changing] as const)
      expect((await send(method)).status).toBe(200);
  });

  it.each(changing)('keeps a %s from being sent when the right is lost', async (method) => {
    guard.arm(lost, { production: 7 });
    expect([guard.fenceOf('production'), guard.fenceOf('staging')]).toEqual([7, null]);
    await expect(send(method)).rejects.toMatchObject({
      code: 'LEASE_LOST',
      message: 'somebody took over',
    });
    expect(server.received).toEqual([]);
  });

  it('asks before each single change, and never before a look', async () => {
    let asked = 0;
    guard.arm(async () => {
      asked += 1;
    }, {});
    await send('GET');
    await send('HEAD');
    expect(asked).toBe(0);
    await send('PUT');
    await send('PUT');
    expect(asked).toBe(2);
    expect(server.received.map(({ method }) => method)).toEqual(['GET', 'HEAD', 'PUT', 'PUT']);
  });

  it('holds the change back until the check has answered', async () => {
    const order: string[] = [];
    guard.arm(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`checked after ${server.received.length}`);
    }, {});
    await send('POST');
    order.push(`sent ${server.received.length}`);
    expect(order).toEqual(['checked after 0', 'sent 1']);
  });

  it('lets pass again once it is disarmed', async () => {
    guard.arm(lost, { production: 7 });
    guard.disarm();
    expect(guard.fenceOf('production')).toBeNull();
    expect((await send('POST')).status).toBe(200);
  });

  it('gives way to the signal while a check does not answer, and sends nothing later', async () => {
    let answer = () => undefined as undefined;
    guard.arm(
      () =>
        new Promise<void>((resolve) => {
          answer = () => void resolve();
        }),
      {},
    );
    const abort = new AbortController();
    const sent = send('POST', abort.signal);
    abort.abort(new Error('interrupted'));
    await expect(sent).rejects.toThrow('interrupted');
    answer();
    guard.disarm();
    await send('GET');
    expect(server.received.map(({ method }) => method)).toEqual(['GET']);
  });

  it('passes on what a check threw that is no error', async () => {
    guard.arm(() => Promise.reject('gone'), {});
    await expect(send('POST')).rejects.toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('gone'),
    });
    expect(server.received).toEqual([]);
  });
});
