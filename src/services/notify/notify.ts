import type { Prepared } from '../change.ts';
import type { Examined } from '../health.ts';

/** A message to people. */
export interface Notice {
  /** One line. */
  readonly title: string;
  /** Markdown, a few lines. */
  readonly body: string;
  readonly severity: 'info' | 'warning' | 'critical';
  /** For systems that group by it: the release id. */
  readonly key: string;
}

/** One way to reach people: a chat channel, an on-call pager, a mailbox. */
export interface NotifyService extends Examined {
  /** `slack`, `pagerduty`, `email`. */
  readonly kind: string;
  /** The channel, policy or address, as people know it: `#aurora-ops`. */
  readonly audience: string;
  /** The message as this service writes it, prepared and not sent; sending it gives the receipt. */
  prepare(notice: Notice): Prepared<string | null>;
  /** Resolves once the other side has accepted it; returns its receipt (id or answer), if it gives one. */
  send(notice: Notice, signal: AbortSignal): Promise<string | null>;
}
