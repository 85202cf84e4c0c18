import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { roleOf } from '../http/roles.ts';
import type { Services } from '../services.ts';
import type { DashboardCookies } from './cookie.ts';
import { framed, type Page } from './frame.ts';
import { rightsOf } from './role.ts';
import type { Viewer } from './viewer.ts';

/** For whom a page is made: by the cookie, or by a bearer token. */
export function viewerOf(
  request: FastifyRequest,
  { settings, identity }: Pick<Services, 'settings' | 'identity'>,
  cookies: DashboardCookies,
): Viewer {
  const now = Date.now();
  const { tokens } = settings.dashboard;
  const role = roleOf(request, tokens) ?? cookies.roleIn(request.headers.cookie, now);
  return {
    role,
    rights: rightsOf[role ?? 'viewer'],
    now,
    address: request.url,
    requestId: request.id,
    build: identity.build,
    environment: settings.environment,
    slot: settings.slot,
    nonce: randomBytes(16).toString('base64'),
  };
}

/** What a page may do: its own marked style and script, its own forms, and nothing of anybody else. */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sends a page. It holds personal data: no cache keeps it, and no other site learns its address. */
export function sendPage(reply: FastifyReply, viewer: Viewer, status: number, page: Page) {
  reply.code(status).type('text/html; charset=utf-8');
  reply.header('content-security-policy', policyOf(viewer.nonce));
  reply.header('x-content-type-options', 'nosniff');
  reply.header('x-frame-options', 'DENY');
  reply.header('referrer-policy', 'no-referrer');
  reply.header('cache-control', 'no-store');
  return reply.send(framed(viewer, page));
}

/** Sends the browser elsewhere; the next request is a GET. */
export function sendTo(reply: FastifyReply, path: string) {
  reply.header('cache-control', 'no-store');
  return reply.redirect(path, 303);
}
