import { Unleash, UnleashEvents } from 'unleash-client';
import { FlagSource } from './flag-source.ts';
import type { EdgeUnleashOptions } from './options.ts';

/** The flag whose variant names the cohort. */
const widgetFlag = 'AURORA_WIDGET_ENABLED';

/** What the edge knows of Unleash. Times are ISO 8601; null means never. */
export interface FlagView {
  /** Whether Unleash answered within the last few refreshes. */
  readonly reached: boolean;
  readonly reachedAt: string | null;
  /** When the flags last changed, as seen from here. */
  readonly flagSeenAt: string | null;
  /** The widget flag's switch; false as long as no flags were ever seen. */
  readonly enabled: boolean;
}

/** Tells cohorts apart, by the flag as it was last seen. */
export interface Cohorts {
  /** Whether this session belongs to the candidate; without a session, or flags, it does not. */
  isCandidate(sessionId: string | undefined): boolean;
  view(): FlagView;
  close(): void;
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Follows the flags. Resolves after the first attempt to fetch them, also when it failed. */
export async function openCohorts(
  options: EdgeUnleashOptions,
  refreshMs: number,
): Promise<Cohorts> {
  const source = new FlagSource(options, refreshMs);
  const client = new Unleash({
    appName: 'aurora-edge',
    environment: options.environment,
    url: options.url,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    repository: source,
  });
  // "Not ready yet" is a state that `view` tells, not an event to print.
  client.on(UnleashEvents.Warn, () => undefined);
  client.on(UnleashEvents.Error, () => undefined);
  await source.start();
  const staleMs = Math.max(3_000, refreshMs * 3);
  return {
    isCandidate: (sessionId) => {
      if (sessionId === undefined) return false;
      const variant = client.getVariant(widgetFlag, { sessionId });
      return variant.feature_enabled === true && variant.name === 'candidate';
    },
    view: () => ({
      reached: source.reachedAt !== null && Date.now() - source.reachedAt < staleMs,
      reachedAt: isoOrNull(source.reachedAt),
      flagSeenAt: isoOrNull(source.changedAt),
      enabled: source.getToggle(widgetFlag)?.enabled ?? false,
    }),
    close: () => client.destroy(),
  };
}
