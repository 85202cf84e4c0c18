import { Pool } from 'undici';
import { describe, expect, it } from 'vitest';
import { takeBody } from '../../../src/stack/edge/body.ts';
import { forward } from '../../../src/stack/edge/forward.ts';
import { openPools } from '../../../src/stack/edge/pools.ts';
import { atEnd, edgeFor, serve } from './helpers.ts';

/** A slot that takes a few milliseconds, so that switches meet requests in flight. */
function slowSlot(name: string) {
  return serve((request, response) => {
    request.resume();
    setTimeout(() => response.end(name), 4);
  });
}

describe('switching traffic under load', () => {
  it('loses no request in twenty switches, and the old slot gets none afterwards', async () => {
    const slots = [await slowSlot('blue'), await slowSlot('green')] as const;
    const edge = await edgeFor();
    await edge.route(slots[0].url);
    const pool = new Pool(edge.edge, { connections: 40 });
    atEnd(() => pool.close());
    let failed = 0;
    let sent = 0;
    let going = true;
    const customer = async (n: number) => {
      while (going) {
        sent += 1;
        const body = n % 2 === 0 ? '{"sessionId":"sess_1"}' : undefined;
        const options = { path: '/x', method: body === undefined ? 'GET' : 'POST', body };
        const status = await pool.request({ ...options, body: body ?? null }).then(
          async (answer) => {
            await answer.body.dump();
            return answer.statusCode;
          },
          () => 0,
        );
        if (status !== 200) failed += 1;
      }
    };
    const customers = Array.from({ length: 40 }, (_, n) => customer(n));
    for (let round = 1; round <= 20; round += 1) {
      const before = sent;
      const old = slots[(round + 1) % 2 === 0 ? 0 : 1];
      const next = slots[round % 2 === 0 ? 0 : 1];
      expect((await edge.route(next.url)).status).toBe(200);
      const settled = old.seen.length;
      while (sent < before + 200) await new Promise((resolve) => setImmediate(resolve));
      expect(old.seen.length).toBeLessThanOrEqual(settled + 40);
    }
    going = false;
    await Promise.all(customers);
    expect(failed).toBe(0);
    expect(sent).toBeGreaterThan(4_000);
  });

  it('sends a request that a vanished slot refused to the slot that traffic has moved to', async () => {
    const [blue, green] = [await slowSlot('blue'), await slowSlot('green')];
    await blue.close();
    const pools = openPools();
    atEnd(() => pools.close());
    const moving = [blue.url, green.url];
    const front = await serve((request, response) => {
      const choose = () => {
        const url = moving.shift();
        const target = { slot: 'green', url: url ?? '' } as const;
        return url === undefined ? null : { target, cohort: 'stable' as const };
      };
      takeBody(request, (body) => forward(pools, { request, response, headers: [], body, choose }));
    });
    const answer = await fetch(front.url, { method: 'POST', body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([200, 'green']);
    expect(green.seen).toHaveLength(1);
    expect(moving).toEqual([]);
  });
});
