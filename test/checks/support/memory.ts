import { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import type {
  DatabaseService,
  EventFilter,
  EventRow,
  IndexInfo,
  PipelineStage,
} from '../../../src/services/database/database.ts';
import type { SecretsService } from '../../../src/services/secrets/secrets.ts';

/** Secrets by `path#field`. */
export function secretsWith(values: Readonly<Record<string, string>>): SecretsService {
  return {
    label: 'secrets of a test',
    health: async () => ({ ok: true, detail: 'fine' }),
    read: async ({ path, field }) => {
      const value = values[`${path}#${field}`];
      if (value === undefined) throw new AuroraError('SECRET_MISSING', `no ${path}#${field}`);
      return new Secret(value, `vault:${path}#${field}`);
    },
  };
}

/** A vault that is sealed. */
export function sealedVault(): SecretsService {
  return {
    label: 'sealed vault',
    health: async () => ({ ok: false, detail: 'sealed' }),
    read: async () => {
      throw new AuroraError('SERVICE_REFUSED', 'Vault is sealed', {
        where: 'vault http://127.0.0.1:1',
        remedy: 'Unseal it.',
      });
    },
  };
}

/** A database in memory: indexes as given, orders and events as a smoke run makes them. */
export class MemoryDatabase implements DatabaseService {
  readonly label = 'database in memory';
  readonly orders = new Map<string, Readonly<Record<string, unknown>>>();
  readonly events: EventFilter[] = [];
  readonly sessions = new Set<string>();
  readonly swept: { sessionIds: readonly string[]; orderNumbers: readonly string[] }[] = [];

  readonly #indexes: Readonly<Record<string, readonly IndexInfo[]>>;

  constructor(indexes: Readonly<Record<string, readonly IndexInfo[]>> = {}) {
    this.#indexes = indexes;
  }

  async health() {
    return { ok: true, detail: 'fine' };
  }

  async indexes(_environment: string, collection: string) {
    return this.#indexes[collection] ?? [];
  }

  async countEvents({ event, environment, sessionId }: EventFilter) {
    return this.events.filter(
      (one) =>
        one.event === event && one.environment === environment && one.sessionId === sessionId,
    ).length;
  }

  async negativeCsat() {
    return { bad: 0, n: 0 };
  }

  async aggregateEvents(_pipeline: readonly PipelineStage[]): Promise<readonly EventRow[]> {
    return [];
  }

  async openTickets() {
    return 0;
  }

  async insertOrder(_environment: string, order: Readonly<Record<string, unknown>>) {
    this.orders.set(String(order.orderNumber), order);
  }

  async removeTraces(
    _environment: string,
    traces: { sessionIds: readonly string[]; orderNumbers: readonly string[] },
  ) {
    this.swept.push(traces);
    let removed = 0;
    for (const order of traces.orderNumbers) removed += this.orders.delete(order) ? 1 : 0;
    for (const session of traces.sessionIds) removed += this.sessions.delete(session) ? 1 : 0;
    for (const event of this.events.filter((one) =>
      traces.sessionIds.includes(one.sessionId ?? ''),
    )) {
      this.events.splice(this.events.indexOf(event), 1);
      removed += 1;
    }
    return removed;
  }

  async close() {}
}
