import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserService } from '../../../src/services/browser/browser.ts';
import { openChromium } from '../../../src/services/browser/chromium.ts';
import { ChangeGuard } from '../../../src/services/http/change-guard.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { skipReason } from '../../browser/support/chromium.ts';

const origin = 'https://shop.example';
const page = `<!doctype html><title>t</title>
<button onclick="fetch('/add', { method: 'POST', body: 'one' }).then((a) => a.text()).then((t) => { document.querySelector('p').textContent = t })">Add: ring</button>
<button aria-pressed="true">Add: taken</button><label><input type="checkbox">Agreed</label>
<input name="email"><p></p>`;

let server: Server;
let browser: BrowserService;
const received: { readonly request: IncomingMessage; readonly body: string }[] = [];
const guard = new ChangeGuard();

/** Refuses once as a rate limit does, then answers. */
async function answerAs(request: IncomingMessage, body: string) {
  received.push({ request, body });
  if (request.url === '/add') return { status: 200, headers: {}, text: `added ${body}` };
  const first = received.filter((one) => one.request.url === '/').length === 1;
  if (first) return { status: 429, headers: { 'retry-after': '1' }, text: '' };
  const headers = {
    'content-type': 'text/html',
    'set-cookie': ['a=1; Path=/; Secure', 'b=2; Path=/; Secure; HttpOnly'],
    'x-aurora-build': 'b'.repeat(64),
  };
  return { status: 200, headers, text: page };
}

describe.skipIf(skipReason !== undefined)('a real browser', () => {
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { status, headers, text } = await answerAs(request, body);
      response.writeHead(status, headers).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const dispatcher = createDispatcher({ [origin]: `http://127.0.0.1:${port}` }, guard);
    browser = await openChromium(process.env, dispatcher);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('goes out by the map of connections, waits out a rate limit, and acts as a customer', async () => {
    const cookie = { name: 'aurora_session', value: 'sess_1', origin };
    const visit = await browser.visit([cookie], new AbortController().signal);
    expect(await visit.open(`${origin}/`, 10_000)).toBe(200);
    expect(await visit.act({ fill: 'email', with: 'jane@example.com' }, 5_000)).toBe(true);
    expect(await visit.act({ check: 'Agreed' }, 5_000)).toBe(true);
    expect(await visit.act({ pressNext: 'Add:' }, 5_000)).toBe(true);
    expect(await visit.act({ see: 'added one' }, 5_000)).toBe(true);
    expect(await visit.act({ see: 'nothing like it' }, 200)).toBe(false);
    expect(await visit.act({ press: 'Add' }, 200)).toBe(false);
    expect(visit.builds()).toEqual(['b'.repeat(64)]);
    expect(
      Buffer.from(await visit.picture())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const post = received.find(({ request }) => request.url === '/add');
    expect(post?.request.headers).toMatchObject({
      host: 'shop.example',
      cookie: 'aurora_session=sess_1; a=1; b=2',
    });
    await visit.close();
  });

  it('changes nothing when aurora may not act any more', async () => {
    const visit = await browser.visit([], new AbortController().signal);
    await visit.open(`${origin}/`, 10_000);
    const posts = () => received.filter(({ request }) => request.method === 'POST').length;
    const before = posts();
    let asked = 0;
    guard.arm(async () => {
      asked += 1;
      throw new Error('the lease is with somebody else');
    }, {});
    await visit.act({ pressNext: 'Add:' }, 5_000);
    expect(await visit.act({ see: 'added' }, 500)).toBe(false);
    expect([asked > 0, posts() - before]).toEqual([true, 0]);
    guard.disarm();
  });

  it('stops with the signal', async () => {
    const abort = new AbortController();
    const visit = await browser.visit([], abort.signal);
    const waiting = visit.act({ see: 'what never comes' }, 60_000);
    abort.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
  });
});
