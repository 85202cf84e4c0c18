import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { checkBearer } from '../control/bearer.ts';
import { sendFailure, sendJson } from './answers.ts';
import { takeBody } from './body.ts';
import { serveBundle } from './bundles.ts';
import { CdnCache } from './cdn-cache.ts';
import { choose } from './choose.ts';
import { clientAddress } from './client-address.ts';
import type { Cohorts } from './cohorts.ts';
import { forward } from './forward.ts';
import { type FlatHeaders, forwardable } from './headers.ts';
import type { Pools } from './pools.ts';
import { sessionOf } from './session.ts';
import type { TrafficState } from './state.ts';

const bundlePrefix = '/widget/';
/** With `x-aurora-probe` a customer could leave the metrics: probes never come through the edge. */
const replaced: ReadonlySet<string> = new Set(['x-forwarded-for', 'expect', 'x-aurora-probe']);

/** What the customers' port needs. */
export interface CustomerParts {
  readonly purgeToken: string;
  readonly trusted: ReadonlySet<string>;
  readonly traffic: TrafficState;
  readonly pools: Pools;
  readonly cohorts: Cohorts;
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function outgoingHeaders(request: IncomingMessage, trusted: ReadonlySet<string>): FlatHeaders {
  const peer = request.socket.remoteAddress;
  const forwarded = request.headers['x-forwarded-for'];
  const chain = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  const headers = forwardable(request.rawHeaders, request.headers.connection, replaced);
  headers.push('x-forwarded-for', clientAddress(peer, chain, trusted));
  return headers;
}

function purge(cache: CdnCache, token: string, request: IncomingMessage, response: ServerResponse) {
  const verdict = checkBearer(request.headers.authorization, token);
  request.resume();
  if (verdict !== 'ok') {
    sendFailure(request, response, `auth.${verdict}`);
    return;
  }
  const path = pathOf(request);
  sendJson(response, 200, { path, purged: cache.purge(path) });
}

/** The customers' port: cohorts, slots, and the CDN in front of the widget's bundles. */
export function createCustomers(parts: CustomerParts): Server {
  const { traffic, pools, cohorts, trusted } = parts;
  const cache = new CdnCache();
  const server = createServer((request, response) => {
    if (request.method === 'PURGE') {
      purge(cache, parts.purgeToken, request, response);
      return;
    }
    const session = sessionOf(request.headers);
    const headers = outgoingHeaders(request, trusted);
    const pick = () => choose(traffic.current, () => cohorts.isCandidate(session));
    const path = pathOf(request);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads && path.startsWith(bundlePrefix)) {
      const choice = pick();
      const { stable, candidate } = traffic.current;
      const other = choice?.cohort === 'candidate' ? stable : candidate;
      serveBundle(cache, pools, { request, response, path, headers, choice, other });
      return;
    }
    takeBody(request, (body) => forward(pools, { request, response, headers, body, choose: pick }));
  });
  // Longer than any customer's pool keeps a connection, so that none is closed under a request.
  server.keepAliveTimeout = 30_000;
  return server;
}
