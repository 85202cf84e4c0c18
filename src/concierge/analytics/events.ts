import type { ConciergeEnvironment } from '../settings.ts';
import type { EventName } from './catalogue.ts';

export type { EventName };

/** What an endpoint says happened; the pipeline adds who, where and when. */
export interface EventDraft {
  readonly event: EventName;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An event as it is kept. */
export interface AnalyticsEvent {
  readonly event: EventName;
  readonly timestamp: Date;
  readonly sessionId: string;
  readonly requestId: string;
  readonly environment: 'prod' | 'staging' | 'dev';
  readonly build: string;
  readonly [field: string]: unknown;
}

/** Takes events and keeps them within five seconds. Never throws, whatever it is given. */
export interface EventSink {
  emit(event: AnalyticsEvent): void;
  close(): Promise<void>;
}

/** The word that analytics has for an environment. */
export const analyticsEnvironment: Readonly<
  Record<ConciergeEnvironment, AnalyticsEvent['environment']>
> = { production: 'prod', staging: 'staging', development: 'dev' };

/** A sink for stub mode: nothing that it is given happened. */
export const noEvents: EventSink = {
  emit: () => undefined,
  close: async () => undefined,
};
