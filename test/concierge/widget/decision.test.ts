import { describe, expect, it } from 'vitest';
import {
  decideWidget,
  userHash,
  type WidgetFacts,
} from '../../../src/concierge/flags/widget-decision.ts';
import { readSettings, SettingsError } from '../../../src/concierge/settings.ts';

const facts = (more: Partial<WidgetFacts> = {}): WidgetFacts => ({
  flagOn: true,
  knowledge: 'live',
  rollout: { enabled: true, percentage: 100, allowedUsers: [] },
  sessionId: 'sess_1',
  user: null,
  ...more,
});

const settings = (env: Record<string, string>) =>
  readSettings({ CONCIERGE_API_KEY: 'key', AURORA_FAKE_MODE: 'true', ...env }).rollout;

const sessions = Array.from({ length: 20_000 }, (_, index) => `sess_${index}`);
const insiders = (percentage: number) => {
  const rollout = { enabled: true, percentage, allowedUsers: [] };
  return sessions.filter((sessionId) => decideWidget(facts({ rollout, sessionId })).shown);
};

describe('who sees the widget', () => {
  it('everybody, when nothing is set', () => {
    expect(decideWidget(facts({ rollout: settings({}) }))).toEqual({
      shown: true,
      reason: 'shown',
    });
  });
  it('nobody while the flag is off, whatever else is said', () => {
    const rollout = { enabled: true, percentage: 100, allowedUsers: ['jane@example.com'] };
    const user = userHash('jane@example.com');
    expect(decideWidget(facts({ flagOn: false, rollout, user })).reason).toBe('flag-off');
    const unknown = facts({ flagOn: false, knowledge: 'never-known', rollout, user });
    expect(decideWidget(unknown)).toEqual({ shown: false, reason: 'flags-never-known' });
  });
  it('nobody when the switch is off, not even a named user', () => {
    const rollout = { enabled: false, percentage: 100, allowedUsers: ['jane@example.com'] };
    const asked = facts({ rollout, user: userHash('jane@example.com') });
    expect(decideWidget(asked)).toEqual({ shown: false, reason: 'disabled' });
  });
  it('a named user at 0 percent, and nobody else', () => {
    const rollout = { enabled: true, percentage: 0, allowedUsers: ['jane@example.com'] };
    const jane = decideWidget(facts({ rollout, user: userHash(' Jane@Example.com ') }));
    expect(jane).toEqual({ shown: true, reason: 'allowed-user' });
    for (const user of [null, userHash('jim@example.com')]) {
      expect(decideWidget(facts({ rollout, user })).reason).toBe('outside-rollout');
    }
  });
  it('a share of the sessions that is true to its percentage and only grows', () => {
    const five = insiders(5);
    const quarter = new Set(insiders(25));
    expect(five.length / sessions.length).toBeGreaterThan(0.045);
    expect(five.length / sessions.length).toBeLessThan(0.055);
    expect(quarter.size / sessions.length).toBeCloseTo(0.25, 1);
    expect(five.every((sessionId) => quarter.has(sessionId))).toBe(true);
    expect(insiders(0)).toEqual([]);
    expect(insiders(100)).toHaveLength(sessions.length);
  });
  it('a known user by who they are, in whatever session', () => {
    const rollout = { enabled: true, percentage: 50, allowedUsers: [] };
    const user = userHash('sam@example.com');
    const seen = new Set(
      sessions
        .slice(0, 50)
        .map((sessionId) => decideWidget(facts({ rollout, user, sessionId })).shown),
    );
    expect(seen.size).toBe(1);
  });
});

describe('the rollout settings', () => {
  it('are read as they are written in an env file', () => {
    const read = settings({
      NEXT_PUBLIC_CONCIERGE_ENABLED: 'false',
      NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: '12.5',
      NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS: 'Beta1@example.com, beta2@example.com,',
    });
    const allowedUsers = ['beta1@example.com', 'beta2@example.com'];
    expect(read).toEqual({ enabled: false, percentage: 12.5, allowedUsers });
  });
  it('are refused rather than guessed', () => {
    const bad = [
      { NEXT_PUBLIC_CONCIERGE_ENABLED: 'yes' },
      { NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: '120' },
      { NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: 'half' },
    ];
    for (const env of bad) {
      expect(() => settings(env)).toThrow(SettingsError);
      expect(() => settings(env)).toThrow(Object.keys(env)[0]);
    }
  });
});

describe('a user', () => {
  it('may be named by address or by hash, and by nothing else', () => {
    const hash = userHash('jane@example.com');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(userHash(hash ?? '')).toBe(hash);
    expect([userHash(undefined), userHash(''), userHash('jane')]).toEqual([null, null, null]);
  });
});
