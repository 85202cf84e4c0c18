import { sha256 } from '../ids.ts';
import type { Settings } from '../settings.ts';
import type { FlagKnowledge } from './flags.ts';

/** Why a visitor sees the widget, or does not. */
export type WidgetReason =
  | 'shown'
  | 'allowed-user'
  | 'flag-off'
  | 'flags-never-known'
  | 'disabled'
  | 'outside-rollout';

/** What decides. */
export interface WidgetFacts {
  readonly flagOn: boolean;
  readonly knowledge: FlagKnowledge;
  readonly rollout: Settings['rollout'];
  /** Who asks: a session, and a user where the page knows one. */
  readonly sessionId: string;
  /** SHA-256 of the e-mail address in lower case; null for a visitor. */
  readonly user: string | null;
}

const steps = 10_000;

/**
 * Whether a visitor sees the widget. The flag comes first: it is the kill switch. Named users see
 * it whatever the percentage; everybody else by a stable share, of users where they are known, else
 * of sessions.
 */
export function decideWidget(facts: WidgetFacts): {
  readonly shown: boolean;
  readonly reason: WidgetReason;
} {
  const { flagOn, knowledge, rollout, sessionId, user } = facts;
  if (!flagOn) {
    const reason = knowledge === 'never-known' ? 'flags-never-known' : 'flag-off';
    return { shown: false, reason };
  }
  if (!rollout.enabled) return { shown: false, reason: 'disabled' };
  if (user !== null && rollout.allowedUsers.some((allowed) => sha256(allowed) === user)) {
    return { shown: true, reason: 'allowed-user' };
  }
  const inside = percentileOf(user ?? sessionId) < rollout.percentage;
  return inside ? { shown: true, reason: 'shown' } : { shown: false, reason: 'outside-rollout' };
}

/** Where someone stands, from 0 up to but not including 100; always the same for the same one. */
function percentileOf(who: string): number {
  const number = Number.parseInt(sha256(`widget-rollout:${who}`).slice(0, 8), 16);
  return ((number % steps) / steps) * 100;
}

/** The hash that stands for a user: of an e-mail address, or one already. Null for anything else. */
export function userHash(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (/^[0-9a-f]{64}$/.test(given)) return given;
  return given.includes('@') ? sha256(given.trim().toLowerCase()) : null;
}

/** What to do about each reason, for whoever wonders where the widget is. */
export const reasonWords: Readonly<Record<WidgetReason, string>> = {
  shown: 'This visitor sees the widget.',
  'allowed-user': 'This user is named in NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS and sees the widget.',
  'flag-off': 'AURORA_WIDGET_ENABLED is off, or off for this session.',
  'flags-never-known': 'The flag server was never reached, so the widget stays hidden.',
  disabled: 'NEXT_PUBLIC_CONCIERGE_ENABLED is false. Set it to true and start the slot again.',
  'outside-rollout':
    'This visitor is outside NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE and not in NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS.',
};
