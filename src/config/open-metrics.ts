import { parseDuration } from '../base/duration.ts';
import type { EnvironmentName } from '../base/environments.ts';
import type { DeployDriver } from '../deploy/driver.ts';
import type { DatabaseService } from '../services/database/database.ts';
import type { Dispatcher } from '../services/http/connect.ts';
import type { MetricsService } from '../services/metrics/metrics.ts';
import { conciergeLabels, conciergeNames } from '../services/metrics/names.ts';
import type { PrometheusAuth } from '../services/metrics/prometheus-api.ts';
import type { MetricsConfig, PrometheusMetricsConfig } from './metrics-schema.ts';
import type { Resolve } from './open-services.ts';

/** What metrics may be made of. */
export interface MetricsParts {
  readonly name: EnvironmentName;
  readonly resolve: Resolve;
  readonly dispatcher: Dispatcher;
  driver(): Promise<DeployDriver>;
  database(): Promise<DatabaseService>;
}

/** The schema has seen to it that it is a duration. */
const ms = (text: string) => parseDuration(text) ?? 0;

/** The given values over the defaults; what was left out is not there. */
function over<T extends object>(
  defaults: T,
  given: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}

async function authOf(
  { auth }: PrometheusMetricsConfig,
  { name, resolve }: MetricsParts,
): Promise<PrometheusAuth | undefined> {
  const where = `environments/${name}/metrics/auth`;
  if (auth === undefined) return undefined;
  if ('token' in auth) return { token: await resolve(auth.token, `${where}/token`) };
  return { user: auth.user, password: await resolve(auth.password, `${where}/password`) };
}

async function openPrometheus(
  config: PrometheusMetricsConfig,
  parts: MetricsParts,
): Promise<MetricsService> {
  const { url, lag, timeout, environment, names, labels } = config;
  const { openPrometheusMetrics } = await import('../services/metrics/prometheus.ts');
  return openPrometheusMetrics({
    url,
    auth: await authOf(config, parts),
    lagMs: ms(lag),
    timeoutMs: ms(timeout),
    dispatcher: parts.dispatcher,
    words: {
      names: over<Record<keyof typeof conciergeNames, string | null>>(conciergeNames, names),
      labels: over(conciergeLabels, labels),
      environment,
    },
  });
}

/** Opens the metrics of one environment; errors as of opening what they are made of. */
export async function openMetrics(
  config: MetricsConfig,
  parts: MetricsParts,
): Promise<MetricsService> {
  switch (config.kind) {
    case 'concierge': {
      const { openConciergeMetrics } = await import('../services/metrics/concierge.ts');
      return openConciergeMetrics(await parts.driver(), { format: config.format });
    }
    case 'prometheus':
      return openPrometheus(config, parts);
    case 'mongodb': {
      const { openEventMetrics } = await import('../services/metrics/events.ts');
      return openEventMetrics(await parts.database(), ms(config.lag));
    }
    case 'several': {
      const { openSeveralMetrics } = await import('../services/metrics/several.ts');
      const sources = await Promise.all(config.sources.map((one) => openMetrics(one, parts)));
      return openSeveralMetrics(sources);
    }
  }
}
