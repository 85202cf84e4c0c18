import { describe, expect, it } from 'vitest';
import { CdnCache, sharedLifetime } from '../../../src/stack/edge/cdn-cache.ts';
import { edgeFor, fakeUnleash, serve } from './helpers.ts';

const immutable = { 'cache-control': 'public, max-age=31536000, immutable' };

/** A slot that has one bundle and the uncached pointer to it. */
function slotWith(bundle: string, body = `/* ${bundle} */`) {
  return serve((request, response) => {
    if (request.url === `/widget/${bundle}.js`) response.writeHead(200, immutable).end(body);
    else if (request.url === '/widget.js') {
      response.writeHead(200, { 'cache-control': 'no-store' }).end(`/widget/${bundle}.js`);
    } else response.writeHead(404, { 'cache-control': 'public, max-age=60' }).end('none');
  });
}

async function look(url: string, init: RequestInit = {}): Promise<[number, string | null, string]> {
  const answer = await fetch(url, init);
  return [answer.status, answer.headers.get('x-cache'), await answer.text()];
}

describe('CDN', () => {
  it('answers a bundle from memory after the first time, whatever the query', async () => {
    const slot = await slotWith('aa');
    const edge = await edgeFor();
    await edge.route(slot.url);
    expect(await look(`${edge.edge}/widget/aa.js?v=1`)).toEqual([200, 'MISS', '/* aa */']);
    expect(await look(`${edge.edge}/widget/aa.js?v=2`)).toEqual([200, 'HIT', '/* aa */']);
    expect(slot.seen.map((request) => request.url)).toEqual(['/widget/aa.js']);
    const head = await fetch(`${edge.edge}/widget/aa.js`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('8');
    expect(Number(head.headers.get('age'))).toBeGreaterThanOrEqual(0);
  });

  it('keeps neither the pointer nor what is missing', async () => {
    const slot = await slotWith('aa');
    const edge = await edgeFor();
    await edge.route(slot.url);
    for (let round = 0; round < 2; round += 1) {
      expect(await look(`${edge.edge}/widget.js`)).toEqual([200, null, '/widget/aa.js']);
      expect(await look(`${edge.edge}/widget/bb.js`)).toEqual([404, 'MISS', 'none']);
    }
  });

  it('drops a path, or everything, when told to by the right token', async () => {
    const slot = await slotWith('aa');
    const edge = await edgeFor();
    await edge.route(slot.url);
    const url = `${edge.edge}/widget/aa.js`;
    for (const path of ['/widget/aa.js', '/widget/*']) {
      await look(url);
      expect((await look(url))[1]).toBe('HIT');
      expect((await edge.purge(path, 'admin-token')).status).toBe(403);
      expect((await look(url))[1]).toBe('HIT');
      expect(await (await edge.purge(path)).json()).toEqual({ path, purged: 1 });
      expect((await look(url))[1]).toBe('MISS');
    }
    expect((await fetch(url, { method: 'PURGE' })).status).toBe(401);
  });

  it('finds a bundle that only the other cohort’s slot has', async () => {
    const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
    const [blue, green] = [await slotWith('aa'), await slotWith('bb')];
    const edge = await edgeFor({
      unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    });
    await edge.route(blue.url, green.url);
    const session = { headers: { 'x-session-id': 'sess_1' } };
    expect(await look(`${edge.edge}/widget/bb.js`)).toEqual([200, 'MISS', '/* bb */']);
    expect(await look(`${edge.edge}/widget/aa.js`, session)).toEqual([200, 'MISS', '/* aa */']);
    expect((await look(`${edge.edge}/widget/cc.js`))[0]).toBe(404);
  });
});

describe('CDN cache', () => {
  const entry = (size: number, freshUntil = 2_000) => ({
    headers: [],
    body: Buffer.alloc(size),
    storedAt: 0,
    freshUntil,
  });

  it('does not keep what was asked for before a purge and arrived after it', () => {
    const cache = new CdnCache();
    const asked = cache.generation;
    cache.purge('/widget/*');
    cache.set('/widget/a', entry(1), asked);
    expect(cache.get('/widget/a', 1)).toBeUndefined();
  });

  it('forgets what is no longer fresh', () => {
    const cache = new CdnCache();
    cache.set('/widget/a', entry(1, 1_000), 0);
    expect(cache.get('/widget/a', 999)).toBeDefined();
    expect(cache.get('/widget/a', 1_000)).toBeUndefined();
  });

  it('is bounded: too large is not kept, and the longest unused goes first', () => {
    const cache = new CdnCache();
    const megabyte = 1024 * 1024;
    cache.set('/widget/huge', entry(5 * megabyte), 0);
    expect(cache.get('/widget/huge', 1)).toBeUndefined();
    for (let n = 0; n < 16; n += 1) cache.set(`/widget/${n}`, entry(4 * megabyte), 0);
    cache.get('/widget/0', 1);
    cache.set('/widget/new', entry(megabyte), 0);
    expect(cache.get('/widget/1', 1)).toBeUndefined();
    expect(cache.get('/widget/0', 1)).toBeDefined();
    expect(cache.get('/widget/new', 1)).toBeDefined();
  });

  it('keeps only what says public and how long', () => {
    expect(sharedLifetime('public, max-age=60')).toBe(60);
    expect(sharedLifetime('public, max-age=60, s-maxage=5')).toBe(5);
    for (const refused of [undefined, '', 'max-age=60', 'public', 'public, max-age=x']) {
      expect(sharedLifetime(refused)).toBe(0);
    }
    expect(sharedLifetime('public, no-store, max-age=60')).toBe(0);
  });
});
