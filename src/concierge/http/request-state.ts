import type { FastifyRequest } from 'fastify';
import type { Scope } from './authentication.ts';
import type { Operation } from './operation.ts';
import type { Allowance } from './rate-limit.ts';

/** Warm-up by the host, which nobody looks at; or a question of aurora's, which is counted apart. */
export type Probe = 'warm-up' | 'question';

/** What is known of a request beyond what it carries. */
export interface RequestState {
  /** From the header, later from the body; null until one is known. */
  sessionId: string | null;
  /** Traffic of aurora's own: answered like any other, but not counted among customers. */
  readonly probe: Probe | null;
  /** Whether the key was right, or none was needed. Others are not counted as sessions. */
  admitted: boolean;
  /** What is left for whoever asks; null while nothing was counted. */
  allowance: Allowance | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    concierge: RequestState;
  }
  interface FastifyContextConfig {
    /** A route of the customers' API: measured, limited, and closed without the key. */
    readonly customers?: 'with-key' | 'open';
    /** What a key must be allowed to do here; without one only the key for everything opens it. */
    readonly scope?: Scope;
    /** What the API's description says of it. */
    readonly operation?: Operation;
    /** A route of the runbook's: the code of its answer when what lies behind it fails. */
    readonly failsAs?: string;
  }
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whether an address is this machine's own. */
export const isLoopback = (address: string): boolean => loopback.has(address);

const probes: ReadonlyMap<unknown, Probe> = new Map([
  ['warm-up', 'warm-up'],
  ['1', 'question'],
]);

/**
 * Which probe a request is, by `x-aurora-probe`; null for a customer's. Probes come straight from
 * this machine. What the edge forwards comes from this machine too, so the edge takes the header away
 * from everybody: no customer gets round the limits and counters with it.
 */
export function probeOf(request: FastifyRequest): Probe | null {
  const probe = probes.get(request.headers['x-aurora-probe']) ?? null;
  return probe !== null && isLoopback(request.socket.remoteAddress ?? '') ? probe : null;
}

/** One value of a header; undefined when it is missing or comes several times. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const sessionPattern = /^[\w.:-]{6,128}$/;

/** Whether the header for the session says something that is no session. */
export function misnamesSession(request: FastifyRequest): boolean {
  const named = header(request, 'x-session-id');
  return named !== undefined && !sessionPattern.test(named);
}

/** The session that the headers name: `x-session-id`, for pages the cookie; null for none. */
export function sessionOfHeaders(request: FastifyRequest): string | null {
  const named = header(request, 'x-session-id');
  if (named !== undefined) return sessionPattern.test(named) ? named : null;
  const cookie = /(?:^|;\s*)aurora_session=([\w-]{6,128})/.exec(request.headers.cookie ?? '');
  return cookie?.[1] ?? null;
}
