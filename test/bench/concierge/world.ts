import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packBuild } from '../../../src/deploy/builds/pack-build.ts';
import type { PartMessage } from '../../../src/stack/child.ts';
import type { EdgeOptions } from '../../../src/stack/edge/options.ts';
import { warmUp } from '../../../src/stack/host/warm-up.ts';
import type { BareOptions } from './bare.ts';
import { apiKey } from './load.ts';
import type { StorageOptions } from './storage.ts';

/** Where the bench finds its programs and keeps its files. */
export interface Places {
  readonly root: string;
  readonly directory: string;
}

export const database = 'bench';
export const eventsDatabase = 'bench_events';
const startWithinMs = 20_000;

/** The processes that the bench started; they end with it. */
export class Processes {
  readonly #places: Places;
  readonly #running = new Set<ChildProcess>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** Starts one of the bench's own programs and hands over its options; resolves with its addresses. */
  async part(
    name: 'storage' | 'edge' | 'bare',
    options: StorageOptions | EdgeOptions | BareOptions,
    words: readonly string[] = [],
  ): Promise<Readonly<Record<string, string>>> {
    const file = join(this.#places.directory, `${name}.mjs`);
    const child = fork(file, {
      execArgv: [...words],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#keep(child);
    child.send(options);
    const signal = AbortSignal.timeout(startWithinMs);
    const [message] = (await once(child, 'message', { signal })) as [PartMessage];
    if (message.type === 'failed') throw new Error(`${name} did not start: ${message.message}`);
    return message.endpoints;
  }

  /** Packs the concierge as it is and runs it as the host does; resolves with its address, warmed up. */
  async concierge(variables: Readonly<Record<string, string>>): Promise<string> {
    const { root, directory } = this.#places;
    const source = join(root, 'test/bench/concierge/build');
    const build = await packBuild({ source, outDirectory: join(directory, 'builds'), root });
    const port = await freePort();
    const log = openSync(join(directory, 'concierge.log'), 'w');
    const child = spawn(process.execPath, ['--expose-gc', join(build.directory, 'server.mjs')], {
      cwd: build.directory,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...variables, PORT: `${port}` },
      stdio: ['ignore', log, 'inherit', 'ipc'],
    });
    this.#keep(child);
    const url = `http://127.0.0.1:${port}`;
    await healthy(url, child);
    await warmUp(url, apiKey, AbortSignal.timeout(10_000), { requests: 2_000, ms: 3_000 });
    return url;
  }

  /** Ends what was started. */
  async end(): Promise<void> {
    const running = [...this.#running];
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running.map((child) => once(child, 'exit')));
  }

  #keep(child: ChildProcess): void {
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
  }
}

/** What the concierge is told. */
export function variablesFor(mongodb: string, redis: string): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    AURORA_SLOT: 'blue',
    AURORA_ENVIRONMENT: 'staging',
    MONGODB_URI: mongodb,
    AURORA_EVENTS_DATABASE: eventsDatabase,
    REDIS_URL: redis,
    CONCIERGE_API_KEY: apiKey,
    AURORA_HASH_SALT: randomBytes(12).toString('hex'),
    AURORA_FAKE_MODE: 'false',
    AURORA_USE_STUBS: 'false',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + startWithinMs; Date.now() < until; await delay(25)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/api/health?check=db`).catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw new Error('the concierge did not start');
}
