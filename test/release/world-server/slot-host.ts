import { type EnvironmentName, environmentNames } from '../../../src/base/environments.ts';
import { type SlotName, slotNames } from '../../../src/deploy/driver.ts';
import { metricsOf } from './customers.ts';
import { type Answer, type Asked, type Running, serve } from './serve.ts';
import type { CompanyState } from './state.ts';

/** How a build says that it is no stub. */
export function health(build: string | null): object {
  const stubs = { active: false, fakeMode: 'false', useStubs: 'false' };
  return { status: 'ok', build, stubs };
}

/** What does not go as it should in a company. */
export interface Habits {
  /** A build with which one session in five ends badly. */
  readonly failingBuild?: string;
  /** An edge that sends nobody to the candidate, whatever the flag says. */
  readonly deafEdge?: boolean;
  /** Slots that log nothing of what they answer. */
  readonly silentLog?: boolean;
}

/** The host service, and behind each ready slot a server of its own. */
export class SlotHost {
  readonly #servers = new Map<string, Running>();
  /** Customers come in crowds, one whenever somebody reads the numbers. */
  #crowds = 0;

  constructor(
    private readonly state: CompanyState,
    private readonly habits: Habits,
  ) {}

  /** Starts a server for each slot that is ready. */
  async open(): Promise<void> {
    for (const [key, { state }] of Object.entries(this.state.slots)) {
      if (state === 'ready') await this.#listen(key);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  async #listen(key: string): Promise<void> {
    const server = await serve(({ path }) => {
      const { build = null } = this.state.slots[key] ?? {};
      if (path === '/api/health') return { body: health(build) };
      if (path !== '/api/metrics') return { status: 404 };
      this.#crowds += 1;
      return { body: metricsOf(build ?? '', this.#crowds, build === this.habits.failingBuild) };
    });
    await this.#servers.get(key)?.close();
    this.#servers.set(key, server);
  }

  #status(environment: EnvironmentName, slot: SlotName): object {
    const key = `${environment}/${slot}`;
    const { state, build, start } = this.state.slots[key] ?? {
      state: 'stopped',
      build: null,
      start: 0,
    };
    const isReady = state === 'ready';
    return {
      environment,
      slot,
      state,
      build,
      url: isReady ? (this.#servers.get(key)?.url ?? null) : null,
      pid: isReady ? start : null,
      startedAt: isReady ? start : null,
      ended: null,
      lastLines: [],
    };
  }

  async answer({ method, path, body }: Asked): Promise<Answer> {
    if (path === '/slots') {
      const all = environmentNames.flatMap((environment) =>
        slotNames.map((slot) => this.#status(environment, slot)),
      );
      return { body: all };
    }
    const [, key = ''] = /^\/slots\/(\w+\/\w+)$/.exec(path) ?? [];
    const slot = this.state.slots[key];
    if (slot === undefined) return { status: 404, body: { code: 'UNKNOWN', message: 'no slot' } };
    if (method === 'DELETE') {
      slot.state = 'stopped';
      await this.#servers.get(key)?.close();
      this.#servers.delete(key);
    } else {
      this.state.lastStart += 1;
      slot.build = (body as { build: string }).build;
      slot.state = 'ready';
      slot.start = this.state.lastStart;
      await this.#listen(key);
    }
    const [environment, name] = key.split('/') as [EnvironmentName, SlotName];
    return { body: this.#status(environment, name) };
  }
}
