import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const builds = { labelNames: ['endpoint', 'status'] } as const;

/** One life of a process that counts as the concierge does. */
class Life {
  readonly registry = new Registry();
  readonly #requests: Counter<'endpoint' | 'status'>;
  readonly #durations: Histogram<'endpoint'>;
  readonly #sessions: Counter;
  readonly #bad: Counter;
  readonly #csat: Counter<'rating'>;

  constructor(build: string, startedAt: number) {
    this.registry.setDefaultLabels({ build });
    const registers = [this.registry];
    const help = 'h';
    this.#requests = new Counter({
      name: 'concierge_http_requests_total',
      help,
      labelNames: [...builds.labelNames],
      registers,
    });
    this.#durations = new Histogram({
      name: 'concierge_http_request_duration_seconds',
      help,
      labelNames: ['endpoint'],
      buckets: [0.3, 0.45],
      registers,
    });
    this.#sessions = new Counter({ name: 'concierge_sessions_total', help, registers });
    this.#bad = new Counter({ name: 'concierge_sessions_bad_total', help, registers });
    this.#csat = new Counter({
      name: 'concierge_csat_total',
      help,
      labelNames: ['rating'],
      registers,
    });
    const start = new Gauge({ name: 'concierge_process_start_time_seconds', help, registers });
    start.set(startedAt / 1_000);
  }

  serve(endpoint: string, status: number, seconds: number): void {
    this.#requests.inc({ endpoint, status: String(status) });
    this.#durations.observe({ endpoint }, seconds);
    this.#sessions.inc();
    if (status >= 500) this.#bad.inc();
  }

  rate(rating: string): void {
    this.#csat.inc({ rating });
  }
}

/** A target of Prometheus whose process can be restarted at the same address. */
export interface Exporter {
  /** `127.0.0.1:1234`, as Prometheus calls an instance. */
  readonly instance: string;
  life(): Life;
  /** Forgets everything and begins anew. */
  restart(): void;
  /** From now on nobody answers here. */
  close(): Promise<void>;
}

export async function startExporter(build: string): Promise<Exporter> {
  let life = new Life(build, Date.now());
  const server: Server = createServer((_, response) => {
    life.registry.metrics().then(
      (text) => {
        response.writeHead(200, { 'content-type': life.registry.contentType });
        response.end(text);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    instance: `127.0.0.1:${port}`,
    life: () => life,
    restart: () => {
      life = new Life(build, Date.now());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
