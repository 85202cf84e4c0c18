import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Role, roles } from './role.ts';
import type { DashboardTokens } from './tokens.ts';

const name = 'aurora_dashboard';
export const signedInMs = 8 * 3_600_000;
const pattern = new RegExp(`(?:^|;\\s*)${name}=([\\w.-]{1,300})`);

/**
 * The browser's proof that somebody signed in: role, end and a random id, signed. Nothing is kept
 * here, since any slot of the environment may answer the next page. The key comes of the
 * configured tokens: who changes them signs everybody out. Signing out is remembered by this process,
 * and the browser drops the cookie anyway.
 */
export class DashboardCookies {
  readonly #key: Buffer;
  readonly #ended = new Map<string, number>();

  constructor(tokens: DashboardTokens, secret: string) {
    const all = [...tokens].map((entry) => entry.join(' ')).sort();
    this.#key = createHmac('sha256', `dashboard ${secret}`).update(all.join('\n')).digest();
  }

  /** The value of `set-cookie` for a role, from now on. */
  issue(role: Role, now: number): string {
    const content = `${role}.${now + signedInMs}.${randomBytes(12).toString('base64url')}`;
    return header(`${content}.${this.#sign(content)}`, signedInMs / 1_000);
  }

  /** The role that a request's `cookie` header proves; null without one, or when its time is over. */
  roleIn(cookie: string | undefined, now: number): Role | null {
    const value = pattern.exec(cookie ?? '')?.[1];
    if (value === undefined) return null;
    const [role, until, id, signature = ''] = value.split('.');
    const expected = Buffer.from(this.#sign(`${role}.${until}.${id}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    if (Number(until) <= now || this.#ended.has(String(id))) return null;
    return roles.find((one) => one === role) ?? null;
  }

  /** Ends a sign-in, and answers the `set-cookie` that makes the browser forget it. */
  end(cookie: string | undefined, now: number): string {
    for (const [id, until] of this.#ended) if (until <= now) this.#ended.delete(id);
    if (this.roleIn(cookie, now) !== null) {
      const [, until, id] = pattern.exec(cookie ?? '')?.[1]?.split('.') ?? [];
      this.#ended.set(String(id), Number(until));
    }
    return header('', 0);
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#key).update(content).digest('base64url');
  }
}

const header = (value: string, seconds: number) =>
  `${name}=${value}; Path=/dashboard; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`;
