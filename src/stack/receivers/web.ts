import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { serveAlertmanager } from './alertmanager.ts';
import type { Answer } from './answer.ts';
import type { Inbox } from './inbox.ts';
import { receivePagerduty } from './pagerduty.ts';
import type { Silences } from './silences.ts';
import { receiveSlack } from './slack.ts';

const largestBody = 1024 * 1024;

/** The HTTP side: Slack, PagerDuty, Alertmanager, and the list of what arrived. */
export function createWeb(inbox: Inbox, silences: Silences): Server {
  return createServer((message, response) => {
    void serve(inbox, silences, message).then(
      (answer) => send(response, answer),
      () => send(response, { status: 500, body: 'internal error' }),
    );
  });
}

async function serve(inbox: Inbox, silences: Silences, message: IncomingMessage): Promise<Answer> {
  const { method = 'GET' } = message;
  const url = new URL(message.url ?? '/', 'http://receivers.invalid');
  const text = await bodyOf(message);
  if (text === undefined) return { status: 413, body: 'too large' };
  const below = /^\/api\/v2\/(.+)$/.exec(url.pathname)?.[1];
  if (below !== undefined) {
    const request = { method, path: below, query: url.searchParams, text };
    return serveAlertmanager(silences, inbox, request);
  }
  if (method === 'POST' && /^\/slack\/[^/]+/.test(url.pathname)) return receiveSlack(inbox, text);
  if (method === 'POST' && url.pathname === '/v2/enqueue') return receivePagerduty(inbox, text);
  if (url.pathname === '/received' && method === 'GET') return { status: 200, body: inbox.items };
  if (url.pathname === '/received' && method === 'DELETE') {
    inbox.clear();
    silences.clear();
    return { status: 204 };
  }
  return { status: 404, body: 'not found' };
}

/** The body as text; undefined when it is too large. */
async function bodyOf(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return size > largestBody ? undefined : Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, body, asJson }: Answer): void {
  const isJson = typeof body === 'object' || asJson === true;
  const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
  const headers = body === undefined ? {} : { 'content-type': type };
  response.writeHead(status, headers);
  response.end(isJson ? JSON.stringify(body) : (body ?? ''));
}
