import type { FastifyRequest } from 'fastify';
import type { Role } from '../dashboard/role.ts';
import type { DashboardTokens } from '../dashboard/tokens.ts';
import { ApiError } from '../errors.ts';
import { sha256 } from '../ids.ts';

/** The role of a token; null for one that is none. Looked up by hash, so that timing tells nothing. */
export function roleOfToken(token: string, tokens: DashboardTokens): Role | null {
  return tokens.get(sha256(token)) ?? null;
}

/** The role that a request's `Authorization: Bearer` proves; null without one or with a wrong one. */
export function roleOf(request: FastifyRequest, tokens: DashboardTokens): Role | null {
  const token = bearerOf(request);
  return token === undefined ? null : roleOfToken(token, tokens);
}

/** The role of a request to a dashboard API. Throws 401 without a token, 403 with a wrong one. */
export function requireRole(request: FastifyRequest, tokens: DashboardTokens): Role {
  if (tokens.size === 0) {
    throw new ApiError(401, 'auth.missing', 'Nobody may look: AURORA_DASHBOARD_TOKENS is not set.');
  }
  if (bearerOf(request) === undefined) {
    throw new ApiError(401, 'auth.missing', 'A bearer token of the dashboards is required.');
  }
  const role = roleOf(request, tokens);
  if (role === null) {
    throw new ApiError(403, 'auth.forbidden', 'This token does not open the dashboards.');
  }
  return role;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
