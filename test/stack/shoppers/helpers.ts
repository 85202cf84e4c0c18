import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { startShoppers } from '../../../src/stack/shoppers/start.ts';
import type { ShopStats } from '../../../src/stack/shoppers/stats.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ends with the test that asked for it. */
export function atEnd(close: () => Promise<unknown>): void {
  closing.push(close);
}

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

type Answer = readonly [status: number, body: object];

const card = (n: number, category: unknown) => ({
  productId: `prod_${n}`,
  name: `Piece ${n}`,
  price: 100 + n,
  currency: 'USD',
  category,
  readyToShip: true,
});

/** What a good concierge answers. */
export function goodAnswer({ path, body }: Asked): Answer {
  if (path.endsWith('/products')) {
    const cta = { label: 'Reserve', intent: 'capsule_reserve' };
    const data = [card(1, body.category), card(2, body.category)];
    return [200, { data, messages: [{ type: 'offer_card', payload: { cta } }] }];
  }
  return [200, { shortlistId: `sl_${body.sessionId}` }];
}

/** A concierge that remembers every question. `answer` may leave some unanswered. */
export async function openConcierge(answer: (asked: Asked) => Answer | null = goodAnswer) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      const question = { path: request.url ?? '', headers: request.headers, body };
      asked.push(question);
      const given = answer(question);
      if (given === null) return;
      response.writeHead(given[0], { 'content-type': 'application/json' });
      response.end(JSON.stringify(given[1]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Shoppers of production; staging's shop is the same one, without customers unless asked for. */
export async function openShoppers(url: string, rate: number, seed = 1) {
  const part = await startShoppers({
    port: 0,
    seed,
    targets: {
      production: { url, host: 'api.glowglitch.com', apiKey: 'prod-key' },
      staging: { url, host: 'staging.api.glowglitch.com', apiKey: 'staging-key' },
    },
    rates: { production: rate, staging: 0 },
  });
  let closed = false;
  const close = async () => {
    if (!closed) await part.close();
    closed = true;
  };
  atEnd(close);
  const control = part.endpoints.shoppers ?? '';
  const stats = async () =>
    (await (await fetch(`${control}/stats`)).json()) as Record<'production' | 'staging', ShopStats>;
  const setRates = (rates: object) =>
    fetch(`${control}/rates`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rates),
    });
  return { control, stats, setRates, close };
}
