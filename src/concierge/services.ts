import type { EventSink } from './analytics/events.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Conversation } from './conversation/understanding.ts';
import type { Copy } from './copy.ts';
import type { Flags } from './flags/flags.ts';
import type { RateLimiter } from './http/rate-limit.ts';
import type { Identity } from './identity.ts';
import type { SessionCache } from './sessions/session-cache.ts';
import type { Settings } from './settings.ts';
import type { DashboardQueries } from './storage/dashboard-queries.ts';
import type { Store } from './storage/store.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What the endpoints, and the plugins of a build, work with. */
export interface Services {
  readonly settings: Settings;
  readonly identity: Identity;
  /** The texts; a plugin may change them before the server listens. */
  readonly copy: Copy;
  readonly store: Store;
  /** What the dashboards read. */
  readonly dashboard: DashboardQueries;
  readonly catalogue: Catalogue;
  readonly events: EventSink;
  readonly sessions: SessionCache;
  readonly flags: Flags;
  /** Makes intents of free text. */
  readonly conversation: Conversation;
  readonly limits: RateLimiter;
  readonly metrics: Metrics;
  readonly log: Log;
}
