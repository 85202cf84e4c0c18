import {
  decideWidget,
  reasonWords,
  userHash,
  type WidgetReason,
} from '../flags/widget-decision.ts';
import type { Services } from '../services.ts';

/** Who wonders about the widget. */
export interface Visitor {
  readonly sessionId: string | null;
  /** E-mail address or its SHA-256. */
  readonly user: string | undefined;
}

/** Whether a visitor sees the widget, and why. A visitor without a session counts as a new one. */
export function visibilityFor(
  visitor: Visitor,
  { flags, settings }: Services,
): { readonly shown: boolean; readonly reason: WidgetReason } {
  const sessionId = visitor.sessionId ?? 'sess_nobody';
  return decideWidget({
    flagOn: flags.isOn('AURORA_WIDGET_ENABLED', sessionId),
    knowledge: flags.knowledge(),
    rollout: settings.rollout,
    sessionId,
    user: userHash(visitor.user),
  });
}

/** The same for health, with what it was decided by. Names nobody. */
export function widgetFor(visitor: Visitor, services: Services): Record<string, unknown> {
  const { shown, reason } = visibilityFor(visitor, services);
  const { enabled, percentage, allowedUsers } = services.settings.rollout;
  return {
    shown,
    reason,
    message: reasonWords[reason],
    sessionId: visitor.sessionId,
    flags: services.flags.knowledge(),
    enabled,
    rolloutPercentage: percentage,
    allowedUsers: allowedUsers.length,
  };
}
