import type { FastifyRequest } from 'fastify';

/** What is known of a request beyond what it carries. */
export interface RequestState {
  /** From the header, later from the body; null until one is known. */
  sessionId: string | null;
  /** Warm-up traffic of the host: answered like any other, but counted nowhere. */
  readonly probe: boolean;
  /** Whether the key was right, or none was needed. Others are not counted as sessions. */
  admitted: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    concierge: RequestState;
  }
  interface FastifyContextConfig {
    /** A route of the customers' API: measured, limited, and closed without the key. */
    readonly customers?: 'with-key' | 'open';
  }
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Warm-up traffic comes straight from this machine. What the edge forwards comes from this machine
 * too, so the edge takes the header away from strangers: nobody outside gets round the limits and
 * counters with it.
 */
export function isProbe(request: FastifyRequest): boolean {
  return (
    request.headers['x-aurora-probe'] === 'warm-up' &&
    loopback.has(request.socket.remoteAddress ?? '')
  );
}

/** One value of a header; undefined when it is missing or comes several times. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The session that the headers name: `x-session-id`, for pages the cookie. */
export function sessionOfHeaders(request: FastifyRequest): string | null {
  const named = header(request, 'x-session-id');
  if (named !== undefined) return named;
  const cookie = /(?:^|;\s*)aurora_session=([\w-]{6,128})/.exec(request.headers.cookie ?? '');
  return cookie?.[1] ?? null;
}
