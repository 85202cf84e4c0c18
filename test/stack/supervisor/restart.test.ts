import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startEdge } from '../../../src/stack/edge/start.ts';
import { startHost } from '../../../src/stack/host/start.ts';
import { addressesOf } from '../../../src/stack/supervisor/addresses.ts';
import type { StackLayout } from '../../../src/stack/supervisor/layout.ts';
import { callPart } from '../../../src/stack/supervisor/part-call.ts';
import { restartCandidate } from '../../../src/stack/supervisor/restart.ts';
import { fakeUnleash } from '../edge/helpers.ts';
import { goodServer, makeBuild, temporaryDirectory } from '../host/helpers.ts';
import { aLayout } from './a-layout.ts';

const signal = AbortSignal.timeout(30_000);
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Counts its requests, and on SIGTERM answers what it has begun before it ends, as the concierge does. */
const countingServer = goodServer
  .replace(
    "if (request.url === '/env')",
    "if (request.url === '/count') response.end(JSON.stringify({ pid: process.pid }));\n  else if (request.url === '/env')",
  )
  .replace(
    /process\.on\('SIGTERM'.*/,
    "process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });",
  );

/** Host and edge as a stack has them: every session is the candidate's. */
async function aStack(): Promise<StackLayout> {
  const layout = await aLayout(await temporaryDirectory());
  const { ports, secrets } = layout;
  const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
  const host = await startHost({
    port: ports.host,
    token: secrets.driverToken,
    directory: join(layout.directory, 'host'),
    portRange: ports.slots,
    warmUp: { requests: 5, ms: 200 },
  });
  const edge = await startEdge({
    environment: 'production',
    port: ports.edge.production,
    adminPort: ports.edgeAdmin.production,
    adminToken: secrets.driverToken,
    purgeToken: secrets.purgeToken,
    unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    trustedProxies: ['127.0.0.1'],
    trafficFile: join(layout.directory, 'traffic.json'),
    refreshMs: 50,
  });
  closing.push(host.close, edge.close);
  return layout;
}

/** Starts the candidate in the green slot and leads every session to it. Answers its process. */
async function aCandidate(layout: StackLayout): Promise<number> {
  const { host, edgeAdmin } = addressesOf(layout);
  const token = layout.secrets.driverToken;
  const build = await makeBuild(countingServer);
  const order = { ...build, env: { CONCIERGE_API_KEY: 'key-0123456789' } };
  const started = await callPart(
    { method: 'POST', url: `${host}/slots/production/green`, token, body: order },
    signal,
  );
  const { url, pid } = started as { url: string; pid: number };
  const body = { stable: null, candidate: { slot: 'green', url } };
  await callPart({ method: 'PUT', url: `${edgeAdmin.production}/traffic`, token, body }, signal);
  return pid;
}

describe('restarting the candidate in place', () => {
  it('is refused when no candidate takes traffic, and says what to do', async () => {
    const layout = await aStack();
    await expect(restartCandidate(layout, 'production', signal)).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      remedy: expect.stringContaining('--until 6'),
    });
  });

  it('gives its slot a new process, and no request of a customer fails meanwhile', async () => {
    const layout = await aStack();
    const before = await aCandidate(layout);
    const { edge } = addressesOf(layout);
    const statuses: number[] = [];
    const pids: number[] = [];
    let over = false;
    const customer = async (name: number) => {
      for (let n = 0; !over; n += 1) {
        const answer = await fetch(`${edge.production}/count`, {
          method: 'POST',
          headers: { 'x-session-id': `sess_${name}_${n}` },
        });
        statuses.push(answer.status);
        pids.push(((await answer.json()) as { pid: number }).pid);
        await nextTurn();
      }
    };
    const customers = [1, 2, 3, 4].map(customer);
    await restartCandidate(layout, 'production', signal);
    over = true;
    await Promise.all(customers);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(new Set(pids).size).toBe(2);
    expect(pids[0]).toBe(before);
    expect(pids.at(-1)).not.toBe(before);
  });
});
