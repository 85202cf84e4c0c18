import { z } from 'zod';
import { sha256 } from '../ids.ts';
import { type Role, roles } from './role.ts';

/** SHA-256 of a token -> what its holder may see. Empty: the dashboards are closed. */
export type DashboardTokens = ReadonlyMap<string, Role>;

const shortest = 16;
const schema = z.record(z.string().min(shortest), z.enum(roles));

/** AURORA_DASHBOARD_TOKENS: a JSON object of tokens (16 characters or more) and roles. */
export const dashboardTokens = z
  .string()
  .optional()
  .transform((text, context): DashboardTokens => {
    const parsed = schema.safeParse(text === undefined || text === '' ? {} : jsonOf(text));
    if (!parsed.success) {
      // Not the problems themselves: their paths hold the tokens.
      context.addIssue({ code: 'custom', message: 'no JSON object of tokens and roles' });
      return z.NEVER;
    }
    return new Map(Object.entries(parsed.data).map(([token, role]) => [sha256(token), role]));
  });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
