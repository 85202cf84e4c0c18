import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { Company } from '../../bin/rehearsal/company.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly root: string;
    readonly directory: string;
    /** Ambient variables of somebody who works with production: the company must ignore them. */
    readonly ambient: Readonly<Record<string, string>>;
    /** Tells how many connections the traps got. */
    readonly traps: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Under another name and version too: no gate may look at either. */
export const renamed = { 'smoke-gap': '2.0.1', unhappy: '2.0.2' } as const;

interface Traps {
  readonly ambient: Readonly<Record<string, string>>;
  readonly counter: string;
  close(): void;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Servers that nobody should ever reach, at the addresses that a careless shell has exported. */
async function setTraps(): Promise<Traps> {
  let touched = 0;
  const trap = createServer((socket) => {
    touched += 1;
    socket.destroy();
  });
  const port = await listen(trap);
  const counter = createServer((socket) => socket.end(String(touched)));
  const counterPort = await listen(counter);
  return {
    ambient: {
      MONGODB_URI: `mongodb://prod:planted-mongo-password@127.0.0.1:${port}/glowglitch`,
      REDIS_URL: `redis://:planted-redis-password@127.0.0.1:${port}/0`,
      VAULT_ADDR: `http://127.0.0.1:${port}`,
      VAULT_TOKEN: 'planted-vault-token',
      VAULT_NAMESPACE: 'planted-namespace',
      UNLEASH_URL: `http://127.0.0.1:${port}/api`,
      DATABASE_URL: `postgres://prod:planted-postgres-password@127.0.0.1:${port}/unleash`,
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      ALL_PROXY: `http://127.0.0.1:${port}`,
      // Not a trap: screenshots are looked at elsewhere, and take ten seconds of every release.
      AURORA_BROWSER: 'off',
    },
    counter: `127.0.0.1:${counterPort}`,
    close: () => {
      trap.close();
      counter.close();
    },
  };
}

/** One company for the whole run: its stack, and every build packed once. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = join(root, '.aurora/e2e');
  const traps = await setTraps();
  const company = new Company(root, directory, traps.ambient);
  await company.clean();
  const names = [
    '1.3.0',
    '1.4.0',
    'crash',
    'stubs',
    'smoke-gap',
    'staging-5xx',
    'slow-canary',
    'canary-errors',
    'errors-2x',
    'errors-4x',
    'unhappy',
    'kpi-drop',
  ];
  await Promise.all([company.up(), company.packFixtures(names)]);
  for (const [name, version] of Object.entries(renamed)) {
    await company.packFixtures([name], ['--name', 'assistant', '--build-version', version]);
  }
  project.provide('root', root);
  project.provide('directory', directory);
  project.provide('ambient', traps.ambient);
  project.provide('traps', traps.counter);
  return async () => {
    await company.down();
    traps.close();
  };
}
