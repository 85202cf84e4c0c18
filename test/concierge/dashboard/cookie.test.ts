import { describe, expect, it } from 'vitest';
import { DashboardCookies, signedInMs } from '../../../src/concierge/dashboard/cookie.ts';
import type { Role } from '../../../src/concierge/dashboard/role.ts';

const tokens = (role: Role) => new Map<string, Role>([['hash-of-a-token', role]]);
const now = Date.parse('2026-11-22T11:30:00Z');
const sent = (header: string) => header.split(';')[0] ?? '';

describe('the cookie of the dashboards', () => {
  const cookies = new DashboardCookies(tokens('viewer'), 'secret');
  const issued = sent(cookies.issue('viewer', now));

  it('proves the role for eight hours, also to another slot with the same tokens', () => {
    const otherSlot = new DashboardCookies(tokens('viewer'), 'secret');
    for (const slot of [cookies, otherSlot]) {
      expect(slot.roleIn(`a=b; ${issued}; c=d`, now)).toBe('viewer');
      expect(slot.roleIn(issued, now + signedInMs - 1)).toBe('viewer');
      expect(slot.roleIn(issued, now + signedInMs)).toBeNull();
    }
  });

  it('is worth nothing when a part of it was changed, or the tokens were', () => {
    const [name, value = ''] = issued.split('=');
    const [role, until, id, signature] = value.split('.');
    const forged = [
      ['admin', until, id, signature],
      [role, Number(until) + 1, id, signature],
      [role, until, `${id}x`, signature],
      [role, until, id, `${signature}x`],
      [role, until, id],
      [],
    ];
    for (const parts of forged) {
      expect(cookies.roleIn(`${name}=${parts.join('.')}`, now), parts.join('.')).toBeNull();
    }
    expect(new DashboardCookies(tokens('admin'), 'secret').roleIn(issued, now)).toBeNull();
    expect(new DashboardCookies(tokens('viewer'), 'other').roleIn(issued, now)).toBeNull();
    expect(cookies.roleIn(undefined, now)).toBeNull();
  });

  it('is over after signing out, and no other one is', () => {
    const second = sent(cookies.issue('viewer', now));
    expect(cookies.end(second, now)).toMatch(/^aurora_dashboard=; Path=\/dashboard; Max-Age=0;/);
    expect(cookies.roleIn(second, now)).toBeNull();
    expect(cookies.roleIn(issued, now)).toBe('viewer');
  });

  it('is read by no script, and sent by no other site', () => {
    const header = cookies.issue('admin', now);
    for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/dashboard']) {
      expect(header).toContain(word);
    }
  });
});
