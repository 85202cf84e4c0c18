import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { SlotName, SlotStatus } from '../../../src/deploy/driver.ts';
import type { CohortShare } from '../../../src/services/flags/flags.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { digests, type World } from '../world.ts';

/** A request that changed something. */
export interface Change {
  /** Whose process sent it. */
  readonly sender: string;
  readonly what: string;
}

type Answer = unknown;

async function bodyOf(request: IncomingMessage): Promise<Record<string, never>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Host, edge, flags and metrics of a company, served to several processes over loopback. Each asks
 * under a name of its own (`/as/<name>/...`), and whatever it changes is written down.
 */
export class Company {
  readonly changes: Change[] = [];
  /** Called before a look is answered: what it returns is waited for. */
  onLook: (sender: string, path: string) => Promise<void> | undefined = () => undefined;
  /** Whether the candidate fails its customers from now on. */
  red = false;
  #server: Server | undefined;
  #looks = 0;

  constructor(readonly world: World) {}

  async open(): Promise<string> {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(JSON.stringify({ code: 'BROKEN', message: String(error) }));
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, sender = '', path = ''] = /^\/as\/(\w+)\/(.*)$/.exec(request.url ?? '') ?? [];
    const body = await bodyOf(request);
    if (request.method === 'GET') await this.onLook(sender, path);
    else this.changes.push({ sender, what: `${request.method} ${path}` });
    const answer = await this.#answer(request.method ?? '', path.split('/'), body);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  async #answer(
    method: string,
    [part = '', a = '', b = '', c = '']: readonly string[],
    body: Record<string, never>,
  ): Promise<Answer> {
    if (part === 'metrics') return this.#metrics(a);
    if (part === 'flags') return this.#flags(a as EnvironmentName, b, method, body);
    if (part === 'edge') return this.#edge(a as EnvironmentName, method, body);
    return b === ''
      ? [...this.world.slots.values()]
      : this.#slot(method, b as EnvironmentName, c as SlotName, body);
  }

  async #slot(
    method: string,
    environment: EnvironmentName,
    slot: SlotName,
    body: Record<string, never>,
  ): Promise<SlotStatus> {
    const driver = this.world.driver(environment);
    const never = new AbortController().signal;
    const build = String(body.build);
    const order = { environment, slot, build, buildDirectory: '/', env: {} };
    if (method === 'POST') return driver.start(order, never);
    await driver.stop(slot, never);
    const gone = { pid: null, startedAt: null, ended: null, lastLines: [] };
    return { environment, slot, state: 'stopped', build: null, url: null, ...gone };
  }

  #edge(environment: EnvironmentName, method: string, body: Record<string, never>): Answer {
    const { traffic, slots } = this.world;
    const named = (target: { slot: SlotName } | null | undefined) => target?.slot ?? null;
    if (method === 'PUT') {
      traffic[environment] = { stable: named(body.stable), candidate: named(body.candidate) };
    }
    const target = (slot: SlotName | null) =>
      slot && { slot, url: slots.get(`${environment}/${slot}`)?.url ?? '' };
    const { stable, candidate } = traffic[environment];
    return { stable: target(stable), candidate: target(candidate) };
  }

  async #flags(
    environment: EnvironmentName,
    name: string,
    method: string,
    body: Record<string, never>,
  ): Promise<Answer> {
    const flags = this.world.flagsService();
    const never = new AbortController().signal;
    if (method === 'POST')
      await flags.setCohort(name, environment, body as unknown as CohortShare, never);
    if (method === 'PUT') await flags.disable(name.split('+'), environment, never);
    if (method === 'DELETE') await flags.removeCohort(name, environment, 'candidate', never);
    return method === 'GET' ? flags.read(name, environment, never) : {};
  }

  /** Too few customers to say anything, until it is red. */
  #metrics(build: string): Answer {
    this.#looks += 1;
    const bad = this.red && build === digests.candidate;
    return reading(bad ? cohort(5_000 + this.#looks, { bad: 2_500, errors: 2_000 }) : cohort(5));
  }
}
