import { readFile } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { atEnd, edgeFor, fakeUnleash, namedSlot, serve } from './helpers.ts';

const canary = [
  { variant: 'candidate', percent: 30 },
  { variant: 'stable', percent: 100 },
];

async function cohortsOf(edge: string, sessions: readonly string[]): Promise<string[]> {
  const answers = sessions.map((id) => fetch(edge, { headers: { 'x-session-id': id } }));
  return (await Promise.all(answers)).map((answer) => answer.headers.get('x-aurora-cohort') ?? '');
}

const sessions = Array.from({ length: 200 }, (_, n) => `sess_${n}`);

describe('cohorts', () => {
  it('keep a session where it is, by header and by cookie', async () => {
    const unleash = await fakeUnleash(true, canary);
    const [blue, green] = [await namedSlot('blue'), await namedSlot('green')];
    const edge = await edgeFor({
      unleash: {
        url: `${unleash.url}/api`,
        clientToken: 'client-token',
        environment: 'production',
      },
    });
    await edge.route(blue.url, green.url);
    const first = await cohortsOf(edge.edge, sessions);
    expect(await cohortsOf(edge.edge, sessions)).toEqual(first);
    const candidates = first.filter((cohort) => cohort === 'candidate').length;
    expect(candidates).toBeGreaterThan(35);
    expect(candidates).toBeLessThan(85);
    expect(green.seen).toHaveLength(2 * candidates);
    const chosen = sessions[first.indexOf('candidate')] ?? '';
    const page = await fetch(edge.edge, { headers: { cookie: `a=b; aurora_session=${chosen}` } });
    expect(page.headers.get('x-aurora-slot')).toBe('green');
    expect([...unleash.state.tokens]).toEqual(['client-token']);
  });

  it('send everybody to stable within moments of the flag going off', async () => {
    const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
    const [blue, green] = [await namedSlot('blue'), await namedSlot('green')];
    const edge = await edgeFor({
      unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    });
    await edge.route(blue.url, green.url);
    expect(new Set(await cohortsOf(edge.edge, sessions))).toEqual(new Set(['candidate']));
    unleash.change({ enabled: false });
    await vi.waitFor(async () =>
      expect(new Set(await cohortsOf(edge.edge, sessions))).toEqual(new Set(['stable'])),
    );
    expect(await edge.traffic()).toMatchObject({ flags: { reached: true, enabled: false } });
  });

  it('need a session: without one it is stable, even at 100 percent', async () => {
    const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
    const [blue, green] = [await namedSlot('blue'), await namedSlot('green')];
    const edge = await edgeFor({
      unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    });
    await edge.route(blue.url, green.url);
    expect((await fetch(edge.edge)).headers.get('x-aurora-cohort')).toBe('stable');
    expect(await cohortsOf(edge.edge, ['sess_1'])).toEqual(['candidate']);
  });

  it('are those last seen while Unleash is away or refuses, and follow it when it is back', async () => {
    const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
    const [blue, green] = [await namedSlot('blue'), await namedSlot('green')];
    const edge = await edgeFor({
      unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    });
    await edge.route(blue.url, green.url);
    unleash.state.refuse = true;
    const asked = unleash.seen.length;
    await vi.waitFor(() => expect(unleash.seen.length).toBeGreaterThan(asked + 2));
    expect(await cohortsOf(edge.edge, ['sess_1'])).toEqual(['candidate']);
    unleash.state.refuse = false;
    unleash.change({ enabled: false });
    await vi.waitFor(async () =>
      expect(await cohortsOf(edge.edge, ['sess_1'])).toEqual(['stable']),
    );
  });

  it('are all stable when Unleash was never reached', async () => {
    const [blue, green] = [await namedSlot('blue'), await namedSlot('green')];
    const edge = await edgeFor();
    await edge.route(blue.url, green.url);
    expect(new Set(await cohortsOf(edge.edge, sessions))).toEqual(new Set(['stable']));
    expect(await edge.traffic()).toMatchObject({ flags: { reached: false, flagSeenAt: null } });
  });
});

describe('traffic', () => {
  it('answers 503 in the concierge’s error shape as long as no slot takes any', async () => {
    const edge = await edgeFor();
    const answer = await fetch(edge.edge, { headers: { 'x-request-id': 'req_mine' } });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'edge.no_slot', requestId: 'req_mine' });
    expect(answer.headers.get('x-request-id')).toBe('req_mine');
  });

  it('never sends anybody outside the canary to a candidate that stands alone', async () => {
    const green = await namedSlot('green');
    const edge = await edgeFor();
    await edge.route(null, green.url);
    expect((await fetch(edge.edge)).status).toBe(503);
    expect(green.seen).toHaveLength(0);
  });

  it('is known to a restarted edge', async () => {
    const blue = await namedSlot('blue');
    const edge = await edgeFor();
    await edge.route(blue.url);
    await edge.close();
    const again = await edgeFor({ trafficFile: edge.options.trafficFile });
    expect((await fetch(again.edge)).status).toBe(200);
    expect(await again.traffic()).toMatchObject({ stable: { slot: 'blue', url: blue.url } });
  });

  it('takes administration by its token only, and only sensible traffic', async () => {
    const edge = await edgeFor();
    const put = (token: string | null, body: object) =>
      fetch(`${edge.admin}/traffic`, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
    const nobody = { stable: null, candidate: null };
    expect((await put(null, nobody)).status).toBe(401);
    expect((await put('purge-token', nobody)).status).toBe(403);
    const away = { slot: 'blue', url: 'http://192.0.2.1:80' };
    expect((await put('admin-token', { ...nobody, stable: away })).status).toBe(400);
    const unknown = await put('admin-token', { ...nobody, shadow: null });
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(readFile(edge.options.trafficFile)).rejects.toThrow('ENOENT');
  });
});

describe('forwarding', () => {
  it('keeps method, path, query, body, status and doubled headers', async () => {
    const slot = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(207, { 'set-cookie': ['a=1', 'b=2'], 'x-aurora-slot': 'forged' });
        response.end(`${request.method} ${request.url} ${body}`);
      });
    });
    const edge = await edgeFor();
    await edge.route(slot.url);
    const answer = await fetch(`${edge.edge}/api/x?y=%20z`, { method: 'POST', body: 'päckchen' });
    expect(answer.status).toBe(207);
    expect(await answer.text()).toBe('POST /api/x?y=%20z päckchen');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('x-aurora-slot')).toBe('blue');
  });

  it('streams bodies that are too large to hold', async () => {
    const slot = await serve((request, response) => void request.pipe(response));
    const edge = await edgeFor();
    await edge.route(slot.url);
    const body = Buffer.alloc(3_000_000, 'x');
    const answer = await fetch(edge.edge, { method: 'POST', body });
    expect((await answer.arrayBuffer()).byteLength).toBe(body.length);
  });

  it('tells the slot the Host that the customer asked for, and nothing of the connection', async () => {
    const slot = await namedSlot('blue');
    const edge = await edgeFor();
    await edge.route(slot.url);
    await new Promise<void>((resolve, reject) => {
      const headers = {
        host: 'api.glowglitch.com',
        connection: 'close, x-private',
        'x-private': '1',
      };
      rawRequest(edge.edge, { headers }, (answer) => answer.resume().once('end', resolve))
        .once('error', reject)
        .end();
    });
    expect(slot.seen[0]?.headers.host).toBe('api.glowglitch.com');
    expect(slot.seen[0]?.headers).not.toHaveProperty('x-private');
  });

  it('believes x-forwarded-for of trusted peers only, and nobody who calls himself a probe', async () => {
    const slot = await namedSlot('blue');
    const trusting = await edgeFor();
    const strict = await edgeFor({ trustedProxies: [] });
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-aurora-probe': 'warm-up' };
    for (const edge of [trusting, strict]) {
      await edge.route(slot.url);
      await fetch(edge.edge, { headers });
    }
    const got = slot.seen.map((r) => [r.headers['x-forwarded-for'], r.headers['x-aurora-probe']]);
    expect(got).toEqual([
      ['203.0.113.9', undefined],
      ['127.0.0.1', undefined],
    ]);
  });

  it('stops the slot’s work when the customer leaves', async () => {
    let gone = false;
    const slot = await serve((_, response) => void response.once('close', () => (gone = true)));
    const edge = await edgeFor();
    await edge.route(slot.url);
    const leaving = new AbortController();
    const asked = fetch(edge.edge, { signal: leaving.signal }).catch(() => 'left');
    await vi.waitFor(() => expect(slot.seen).toHaveLength(1));
    leaving.abort();
    expect(await asked).toBe('left');
    await vi.waitFor(() => expect(gone).toBe(true));
  });

  it('says 502 when the slot is not there, and 502 once for a POST that was cut off', async () => {
    const slot = await serve((request) => void request.socket.destroy());
    const edge = await edgeFor();
    await edge.route(slot.url);
    const cut = await fetch(edge.edge, { method: 'POST', body: '{}' });
    expect([cut.status, await cut.json()]).toMatchObject([502, { code: 'edge.broken_answer' }]);
    expect(slot.seen).toHaveLength(1);
    await slot.close();
    const away = await fetch(edge.edge, { method: 'POST', body: '{}' });
    expect([away.status, await away.json()]).toMatchObject([502, { code: 'edge.unreachable' }]);
  });

  it('repeats a GET that was cut off before an answer, once', async () => {
    let answered = 0;
    const slot = await serve((request, response) => {
      answered += 1;
      if (answered === 1) request.socket.destroy();
      else response.end('second');
    });
    const edge = await edgeFor();
    await edge.route(slot.url);
    expect(await (await fetch(edge.edge)).text()).toBe('second');
  });

  it('ignores proxies that the process environment names', async () => {
    const proxy = await namedSlot('proxy');
    const unleash = await fakeUnleash(true, [{ variant: 'candidate', percent: 100 }]);
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = proxy.url;
    atEnd(async () => {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    });
    const slot = await namedSlot('blue');
    const edge = await edgeFor({
      unleash: { url: `${unleash.url}/api`, clientToken: 't', environment: 'production' },
    });
    await edge.route(slot.url);
    expect((await fetch(edge.edge)).status).toBe(200);
    expect(await edge.traffic()).toMatchObject({ flags: { reached: true } });
    expect(proxy.seen).toHaveLength(0);
  });
});
