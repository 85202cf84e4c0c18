import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EnvironmentName } from '../../src/base/environments.ts';
import type { SlotName, SlotStatus } from '../../src/deploy/driver.ts';

/** A request that changes something, as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

interface WireStrategy {
  readonly id: string;
  sortOrder: number;
  readonly [field: string]: unknown;
}

interface Flag {
  enabled: boolean;
  strategies: WireStrategy[];
}

/** A strategy as the flag server has it. */
export function strategy(id: string, cohort: string, rollout: number, build: string, order = 0) {
  return {
    id,
    name: 'flexibleRollout',
    sortOrder: order,
    parameters: { rollout: String(rollout) },
    variants: [{ name: cohort, payload: { type: 'string', value: build } }],
  };
}

const readOnly = new Set(['GET', 'HEAD', 'OPTIONS']);

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/**
 * Everything that a release changes over HTTP, on one loopback port: flag server, host, edge, CDN,
 * chat, pager and alerts. It keeps state, and remembers each request.
 */
export class Company {
  readonly flags = new Map<string, Flag>();
  readonly slots = new Map<string, SlotStatus>();
  traffic: Record<string, { slot: SlotName; url: string } | null> = {
    stable: null,
    candidate: null,
  };
  pointsTo = '';
  /** Paths that begin with one of these are hung up on. */
  readonly dead = new Set<string>();
  readonly arrived: Arrived[] = [];
  url = '';
  #server: Server | undefined;
  #strategies = 0;

  /** Requests that change something, in the order in which they came. */
  get changes(): readonly Arrived[] {
    return this.arrived.filter(({ method }) => !readOnly.has(method));
  }

  async open(): Promise<this> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  flag(name: string, environment: string): Flag {
    const key = `${environment}/${name}`;
    const flag = this.flags.get(key) ?? { enabled: true, strategies: [] };
    this.flags.set(key, flag);
    return flag;
  }

  setSlot(environment: EnvironmentName, slot: SlotName, build: string): SlotStatus {
    const status: SlotStatus = {
      environment,
      slot,
      state: 'ready',
      build,
      url: `${this.url}/running/${slot}`,
      pid: 1,
      startedAt: this.slots.size,
      ended: null,
      lastLines: [],
    };
    this.slots.set(`${environment}/${slot}`, status);
    return status;
  }

  route(stable: SlotName | null, candidate: SlotName | null = null): void {
    const at = (slot: SlotName | null) =>
      slot === null ? null : { slot, url: `${this.url}/running/${slot}` };
    this.traffic = { stable: at(stable), candidate: at(candidate) };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const path = request.url ?? '';
    const text = await textOf(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    this.arrived.push({ method, url: `${this.url}${path}`, headers: request.headers, body });
    if ([...this.dead].some((prefix) => path.startsWith(prefix))) {
      request.socket.destroy();
      return;
    }
    const { status, answer } = this.#reply(method, path.split('?')[0] ?? '', body);
    const seen = path === '/widget.js' ? this.#widgetSeen() : {};
    response.writeHead(status, { 'content-type': 'application/json', ...seen });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  }

  /** The edge hides the widget where its flag is off. */
  #widgetSeen(): Readonly<Record<string, string>> {
    const shown = this.flag('AURORA_WIDGET_ENABLED', 'production').enabled;
    return shown ? {} : { 'x-aurora-widget': 'hidden' };
  }

  #reply(method: string, path: string, body: unknown): { status: number; answer: unknown } {
    const ok = (answer: unknown) => ({ status: 200, answer });
    if (path.startsWith('/api/admin/')) return ok(this.#admin(method, path, body));
    const seen = /^\/api\/client\/features\/(\w+)$/.exec(path)?.[1];
    if (seen !== undefined) return ok({ name: seen, ...this.flag(seen, 'production') });
    if (path === '/traffic') {
      if (method === 'PUT') this.traffic = body as typeof this.traffic;
      return ok(this.traffic);
    }
    if (path === '/slots') return ok([...this.slots.values()]);
    if (path.startsWith('/slots/')) return ok(this.#slot(method, path, body));
    if (path === '/widget.js') return ok(method === 'GET' ? this.pointsTo : '');
    if (method === 'PURGE' || path.startsWith('/chat/')) return ok('ok');
    if (path === '/pager') return { status: 202, answer: { dedup_key: 'received' } };
    if (path === '/api/v2/silences') return ok(method === 'POST' ? { silenceID: 's1' } : []);
    return { status: 404, answer: {} };
  }

  #slot(method: string, path: string, body: unknown): SlotStatus {
    const [, , environment, slot] = path.split('/') as ['', '', EnvironmentName, SlotName];
    if (method === 'POST')
      return this.setSlot(environment, slot, (body as { build: string }).build);
    const gone = { ...this.setSlot(environment, slot, ''), state: 'stopped', url: null } as const;
    this.slots.set(`${environment}/${slot}`, gone);
    return gone;
  }

  #admin(method: string, path: string, body: unknown): unknown {
    const bulk = /bulk_features\/environments\/(\w+)\/off$/.exec(path);
    if (bulk !== null) {
      const { features } = body as { features: string[] };
      for (const name of features) this.flag(name, bulk[1] ?? '').enabled = false;
      return '';
    }
    const [, name = '', environment = '', rest = ''] =
      /features\/(\w+)\/environments\/(\w+)(.*)$/.exec(path) ?? [];
    const flag = this.flag(name, environment);
    if (method === 'GET') return { name, ...flag };
    if (rest === '/on' || rest === '/off') flag.enabled = rest === '/on';
    else if (rest === '/strategies/set-sort-order') {
      for (const { id, sortOrder } of body as { id: string; sortOrder: number }[])
        for (const one of flag.strategies) if (one.id === id) one.sortOrder = sortOrder;
    } else this.#strategy(flag, method, rest, body as Omit<WireStrategy, 'id'>);
    return '';
  }

  #strategy(flag: Flag, method: string, rest: string, body: Omit<WireStrategy, 'id'>): void {
    const id = /^\/strategies\/(.+)$/.exec(rest)?.[1];
    if (id !== undefined) flag.strategies = flag.strategies.filter((one) => one.id !== id);
    if (method === 'DELETE') return;
    this.#strategies += 1;
    const { sortOrder } = body as { sortOrder: number };
    flag.strategies.push({ ...body, id: id ?? `new-${this.#strategies}`, sortOrder });
  }
}
