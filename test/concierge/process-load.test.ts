import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packBuild, type StoredBuild } from '../../src/deploy/builds/pack-build.ts';
import { cleanUpAfterwards, fixture, temporaryDirectory } from '../deploy/builds/support.ts';
import { edgeFor } from '../stack/edge/helpers.ts';
import { ask, freshSession, paths } from './support/ask.ts';
import { type Slot, startSlot } from './support/slot.ts';
import { useWorld } from './support/world.ts';
import { type Acknowledged, addOrders, missingFrom, writeAll } from './support/writers.ts';

cleanUpAfterwards();

const world = useWorld();
const slots: Slot[] = [];
let builds: readonly StoredBuild[] = [];
beforeAll(async () => {
  const outDirectory = await temporaryDirectory();
  builds = [
    await packBuild({ source: fixture('1.3.0'), outDirectory }),
    await packBuild({ source: fixture('1.4.0'), outDirectory }),
  ];
});
afterAll(async () => {
  for (const slot of slots) slot.process.kill('SIGKILL');
  await Promise.all(slots.map(({ ended }) => ended));
});

async function start(at: number): Promise<Slot> {
  const slot = await startSlot(builds[at]?.directory ?? '', world.variables());
  slots.push(slot);
  return slot;
}

const long = { timeout: 15_000, interval: 5 };

describe('kill -9 under load', () => {
  it('loses no write that was acknowledged, and the next process goes on', async () => {
    const orders = [...(await addOrders(world.db, 2_000))];
    const acknowledged: Acknowledged[] = [];
    const refused: string[] = [];
    let brokenOff = 0;
    let slot = start(0);
    let going = true;
    const customer = async () => {
      while (going) {
        const { url } = await slot;
        const order = orders.pop() ?? '';
        await writeAll(url, order, (one) => acknowledged.push(one)).catch((error: Error) => {
          if (error.message === 'fetch failed' || error.name === 'TypeError') brokenOff += 1;
          else refused.push(error.message);
        });
      }
    };
    const customers = Array.from({ length: 8 }, customer);
    for (let kill = 0; kill < 3; kill += 1) {
      const before = acknowledged.length;
      const killed = await slot;
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 100), long);
      killed.process.kill('SIGKILL');
      slot = killed.ended.then(() => start(0));
      await slot;
    }
    going = false;
    await Promise.all(customers);
    expect(refused).toEqual([]);
    expect(brokenOff).toBeGreaterThanOrEqual(3);
    expect(new Set(acknowledged.map(({ kind }) => kind)).size).toBe(6);
    expect(await missingFrom(world.db, acknowledged)).toEqual([]);
  }, 60_000);
});

describe('SIGTERM under load', () => {
  it('answers every request of customers who leave when told, and ends with 0', async () => {
    const slot = await start(0);
    const lost: string[] = [];
    const answered: string[] = [];
    const customer = async () => {
      for (let told = false; !told; ) {
        const sessionId = freshSession();
        const answer = await ask(slot.url, paths.orderStatus, {
          sessionId,
          orderNumber: 'GG-12001',
        }).catch(String);
        if (typeof answer === 'string' || answer.status !== 200) {
          lost.push(typeof answer === 'string' ? answer : `status ${answer.status}`);
          return;
        }
        answered.push(sessionId);
        told = answer.headers.get('connection') === 'close';
      }
    };
    const customers = Array.from({ length: 16 }, customer);
    await vi.waitFor(() => expect(answered.length).toBeGreaterThan(200), long);
    slot.process.kill('SIGTERM');
    await Promise.all(customers);
    expect(await slot.ended).toBe(0);
    expect(lost).toEqual([]);
    const events = world.events.collection('events');
    expect(await events.countDocuments({ sessionId: { $in: answered } })).toBe(answered.length);
    const lines = slot.output().split('\n').filter(Boolean);
    const logged = new Set(lines.map((line) => JSON.parse(line).sessionId));
    expect(answered.filter((sessionId) => !logged.has(sessionId))).toEqual([]);
  }, 30_000);
});

describe('two slots behind the edge', () => {
  it('are switched twenty times under load without a failed request, old ones ended on the way', async () => {
    const running = [await start(0), await start(1)] as [Slot, Slot];
    const edge = await edgeFor();
    await edge.route(running[0].url);
    const failed: string[] = [];
    const by = new Map<string, number>();
    let answered = 0;
    let going = true;
    const customer = async (n: number) => {
      const path = n % 2 === 0 ? paths.products : paths.orderStatus;
      const more = n % 2 === 0 ? {} : { orderNumber: 'GG-12002' };
      while (going) {
        const question = { sessionId: freshSession(), ...more };
        const answer = await ask(edge.edge, path, question).catch(String);
        if (typeof answer === 'string') failed.push(answer);
        else if (answer.status !== 200) failed.push(`${answer.status} ${answer.body.code}`);
        else {
          answered += 1;
          const build = answer.headers.get('x-aurora-build') ?? '';
          by.set(build, (by.get(build) ?? 0) + 1);
        }
      }
    };
    const customers = Array.from({ length: 16 }, (_, n) => customer(n));
    for (let round = 1; round <= 20; round += 1) {
      const before = answered;
      const [from, to]: readonly [0 | 1, 0 | 1] = round % 2 === 1 ? [0, 1] : [1, 0];
      expect((await edge.route(running[to].url)).status).toBe(200);
      if (round % 5 === 0) {
        const old = running[from];
        old.process.kill('SIGTERM');
        expect(await old.ended).toBe(0);
        running[from] = await start(from);
      }
      await vi.waitFor(() => expect(answered).toBeGreaterThan(before + 30), long);
    }
    going = false;
    await Promise.all(customers);
    expect(failed).toEqual([]);
    expect([...by.keys()].sort()).toEqual(builds.map(({ digest }) => digest).sort());
    for (const count of by.values()) expect(count).toBeGreaterThan(100);
  }, 60_000);
});
