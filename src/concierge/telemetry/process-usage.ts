import { collectDefaultMetrics, type Registry } from 'prom-client';
import { addGauge } from './gauges.ts';

/** What the process takes, and how busy customers keep it. */
export interface UsageSummary {
  /** Of one core, 0 to 1 and above with threads, over the last minute at most. */
  readonly cpuShare: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly uptimeSeconds: number;
  /** Customers' requests in the last 60 full seconds. */
  readonly requestsPerMinute: number;
}

interface CpuSample {
  readonly at: number;
  /** Processor time since the start, in milliseconds. */
  readonly spent: number;
}

const windowMs = 60_000;
const betweenSamplesMs = 5_000;
const seconds = 60;

/** Processor time, memory and request rate of this process. It has no timer: it looks when it is used. */
export class ProcessUsage {
  readonly #now: () => number;
  readonly #spent: () => number;
  readonly #samples: CpuSample[];
  /** Requests of each of the last seconds, and which second it was. */
  readonly #counts = new Uint32Array(seconds + 1);
  readonly #second = new Float64Array(seconds + 1).fill(-1);

  /** `now` in milliseconds, `spent` the processor time so far in milliseconds. */
  constructor(now: () => number = Date.now, spent: () => number = processorMs) {
    this.#now = now;
    this.#spent = spent;
    this.#samples = [{ at: now(), spent: spent() }];
  }

  /** Counts a customer's request. */
  answered(now: number): void {
    const second = Math.floor(now / 1_000);
    const place = second % this.#counts.length;
    if (this.#second[place] !== second) {
      this.#second[place] = second;
      this.#counts[place] = 0;
    }
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    if (now - (this.#samples.at(-1)?.at ?? 0) >= betweenSamplesMs) this.#sample(now);
  }

  get requestsPerMinute(): number {
    const current = Math.floor(this.#now() / 1_000);
    let total = 0;
    this.#second.forEach((second, place) => {
      if (second < current && second >= current - seconds) total += this.#counts[place] ?? 0;
    });
    return total;
  }

  get cpuShare(): number {
    const now = this.#now();
    const since = this.#samples.find(({ at }) => now - at <= windowMs) ?? this.#samples.at(-1);
    if (since === undefined || now <= since.at) return 0;
    return Math.max(0, (this.#spent() - since.spent) / (now - since.at));
  }

  get summary(): UsageSummary {
    const memory = process.memoryUsage();
    return {
      cpuShare: Math.round(this.cpuShare * 1_000) / 1_000,
      residentBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      uptimeSeconds: Math.round(process.uptime()),
      requestsPerMinute: this.requestsPerMinute,
    };
  }

  #sample(now: number): void {
    while ((this.#samples[0]?.at ?? now) < now - windowMs) this.#samples.shift();
    this.#samples.push({ at: now, spent: this.#spent() });
  }
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The names that every Node service has (`process_*`, `nodejs_*`), and those of the scaling rules. */
export function addUsage(registry: Registry, usage: ProcessUsage): void {
  collectDefaultMetrics({ register: registry });
  addGauge(
    registry,
    'concierge_requests_per_minute',
    "Customers' requests in the last minute.",
    () => usage.requestsPerMinute,
  );
  addGauge(
    registry,
    'concierge_process_cpu_share',
    'Of one core, over the last minute.',
    () => usage.cpuShare,
  );
  const startedAt = Date.now() / 1_000 - process.uptime();
  addGauge(
    registry,
    'concierge_process_start_time_seconds',
    'Start of the process.',
    () => startedAt,
  );
}
