import type { EnvironmentName } from '../../../src/base/environments.ts';
import { Inbox } from '../../../src/stack/receivers/inbox.ts';
import { Silences } from '../../../src/stack/receivers/silences.ts';
import { createWeb } from '../../../src/stack/receivers/web.ts';
import { startRedis } from '../../../src/stack/redis/start.ts';
import { answerTraffic, PublicEdge } from './edge.ts';
import { answerFlags } from './flag-server.ts';
import { type Answer, type Asked, listening, type Running, serve } from './serve.ts';
import { type Habits, SlotHost } from './slot-host.ts';
import type { CompanyState } from './state.ts';

export const publicHosts: Readonly<Record<EnvironmentName, string>> = {
  staging: 'staging.api.glowglitch.com',
  production: 'api.glowglitch.com',
};

/** Told the number of each change; says when the one who asked for it dies, if it does. */
export type Strike = (number: number) => 'before' | 'after' | null;

/** Names that differ from run to run give way to words, so that two records can be compared. */
function plainly(text: string): string {
  return text
    .replaceAll(/\d{8}-\d{6}-[\w.]+-[0-9a-f]{4}/g, '<release>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<address>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/[0-9a-f]{64}/g, (digest) => digest.slice(0, 12))
    .replaceAll(/"buildDirectory":"[^"]*"/g, '"buildDirectory":"<directory>"')
    .replaceAll(/"env":\{[^}]*\}/g, '"env":"<env>"');
}

/**
 * What a release acts on, as tiny servers on loopback that outlive the process which talks to them:
 * flags, slots and their host, the edge with its CDN, chat, alerts and a session cache. It keeps its
 * state as plain data and writes down every request that changes something.
 */
export class Company {
  /** Every change that was asked for, in order; names that differ from run to run left out. */
  readonly changes: string[] = [];
  /** Whoever asks for a change may die before it, or after it and before the answer. */
  strike: Strike = () => null;
  readonly #inbox = new Inbox(() => Date.now());
  readonly #host: SlotHost;
  readonly #edge: PublicEdge;
  #open: Running[] = [];
  #addresses: { services: string; receivers: string; redis: string } | undefined;

  constructor(
    readonly state: CompanyState,
    habits: Habits = {},
  ) {
    this.#host = new SlotHost(state, habits);
    this.#edge = new PublicEdge(state, habits);
  }

  /** Addresses of what runs. */
  get addresses() {
    if (this.#addresses === undefined) throw new Error('the company is closed');
    return this.#addresses;
  }

  async open(): Promise<this> {
    await this.#host.open();
    const services = await serve((asked) => this.#answer(asked));
    const web = createWeb(this.#inbox, new Silences(() => Date.now()));
    const receivers = await listening(web);
    const redis = await startRedis({ port: 0 });
    this.#open = [services, receivers, { url: '', close: () => redis.close() }];
    this.#addresses = {
      services: services.url,
      receivers: receivers.url,
      redis: redis.endpoints.redis ?? '',
    };
    return this;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.map((one) => one.close()), this.#host.close()]);
  }

  /** What people and the alerting system got, in order. */
  get received(): readonly string[] {
    return this.#inbox.items.map((item) => plainly(JSON.stringify([item.kind, item.body])));
  }

  async #answer(asked: Asked): Promise<Answer | 'hang-up'> {
    if (asked.method === 'GET') return this.#route(asked);
    const body = asked.body === undefined ? '' : ` ${JSON.stringify(asked.body)}`;
    const public_ = Object.values(publicHosts).includes(asked.host) ? asked.host : '';
    const change = plainly(`${asked.method} ${public_}${asked.path}${body}`);
    const blow = this.strike(this.changes.length + 1);
    if (blow === 'before') return 'hang-up';
    this.changes.push(change);
    const answer = await this.#route(asked);
    return blow === 'after' ? 'hang-up' : answer;
  }

  #route(asked: Asked): Answer | Promise<Answer> {
    for (const environment of ['staging', 'production'] as const) {
      if (asked.host === publicHosts[environment]) return this.#edge.answer(environment, asked);
      if (asked.path === `/edge/${environment}/traffic`) {
        return answerTraffic(this.state, environment, asked);
      }
    }
    if (asked.path.startsWith('/api/')) return answerFlags(this.state, asked);
    if (asked.path.startsWith('/slots')) return this.#host.answer(asked);
    return { status: 404 };
  }
}
