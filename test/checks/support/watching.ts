import type { Clock } from '../../../src/base/clock.ts';
import { AuroraError } from '../../../src/base/errors.ts';
import type { SlotStatus } from '../../../src/deploy/driver.ts';
import type { LogsService, LogWindow } from '../../../src/services/logs/logs.ts';
import type { CohortCounters, MetricsService } from '../../../src/services/metrics/metrics.ts';
import { candidate, readySlot } from './context.ts';

/** A clock whose sleep takes no time: it moves the hands and remembers how long it slept. */
export class TurnedClock implements Clock {
  readonly slept: number[] = [];
  #now: number;

  constructor(now = 1_760_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.#now += ms;
  }
}

const healthy = { label: 'of a test', health: async () => ({ ok: true, detail: 'fine' }) };

/** What a service that cannot be reached throws. */
export function unreachable(): AuroraError {
  return new AuroraError('SERVICE_UNREACHABLE', 'no answer', { where: 'http://127.0.0.1:9' });
}

/** Metrics as a function of the build and of how many times it was read before; it may throw. */
export function metricsFrom(
  read: (build: string, times: number) => CohortCounters,
): MetricsService {
  const times = new Map<string, number>();
  return {
    ...healthy,
    lagMs: 0,
    read: async ({ build }) => {
      const before = times.get(build) ?? 0;
      times.set(build, before + 1);
      return read(build, before);
    },
    traffic: async ({ build }) => ({
      counts: read(build, 0),
      durationMs: 3_600_000,
      over: 'the last hour',
    }),
  };
}

/** A log as a function of how many times it was read before; it may throw. */
export function logsFrom(read: (times: number) => Partial<LogWindow>): LogsService {
  let times = 0;
  return {
    ...healthy,
    read: async () => {
      times += 1;
      const window = read(times - 1);
      return { requests: 0, errors: 0, errorEntries: [], otherLines: 0, ...window };
    },
  };
}

/** The candidate's slot after it ended by itself. */
export function crashedSlot(environment: 'staging' | 'production'): SlotStatus {
  return {
    ...readySlot(environment, ''),
    state: 'failed',
    build: candidate,
    url: null,
    ended: 'exit 1',
    lastLines: ['starting', 'TypeError: price is not a function'],
  };
}

/** A failed request as the log tells it. */
export function failedRequest(requestId: string) {
  return {
    requestId,
    timestamp: 1,
    endpoint: '/api/concierge/products',
    method: 'POST',
    status: 500,
    durationMs: 3,
    build: candidate,
  };
}
