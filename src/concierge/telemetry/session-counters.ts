import { Counter, type Registry } from 'prom-client';
import { type SessionCensus, type SessionCounts, slowBounds } from './session-census.ts';

/** The census as counters. They are filled when somebody reads them, not at every request. */
export function addSessionCounters(registry: Registry, census: SessionCensus): void {
  const registers = [registry];
  const whole = (name: string, help: string, read: (counts: SessionCounts) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(census.all));
      },
    });
  whole('concierge_sessions_total', 'Distinct sessions.', ({ n }) => n);
  whole(
    'concierge_sessions_bad_total',
    'Distinct sessions with at least one server error.',
    ({ bad }) => bad,
  );
  const each = (name: string, help: string, read: (counts: SessionCounts) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['endpoint'],
      registers,
      collect() {
        this.reset();
        for (const [endpoint, counts] of census.endpoints) this.inc({ endpoint }, read(counts));
      },
    });
  each('concierge_endpoint_sessions_total', 'Distinct sessions that asked it.', ({ n }) => n);
  each(
    'concierge_endpoint_sessions_bad_total',
    'Distinct sessions with at least one server error of it.',
    ({ bad }) => bad,
  );
  addSlow(registry, census);
}

function addSlow(registry: Registry, census: SessionCensus): void {
  new Counter({
    name: 'concierge_endpoint_sessions_slow_total',
    help: 'Distinct sessions with at least one answer of it that took longer; `over` in seconds.',
    labelNames: ['endpoint', 'over'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [endpoint, { slow }] of census.endpoints) {
        slowBounds.forEach((over, at) => {
          this.inc({ endpoint, over: String(over) }, slow[at] ?? 0);
        });
      }
    },
  });
}
