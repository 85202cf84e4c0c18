import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { SlotStatus } from '../../../src/deploy/driver.ts';
import type { WarmUpLimits } from '../../../src/stack/host/options.ts';
import { startHost } from '../../../src/stack/host/start.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ends with the test that asked for it. */
export function atEnd(close: () => Promise<unknown>): void {
  closing.push(close);
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-host-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The start of every tiny server: computes its digest from its directory, as the concierge does. */
const prologue = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const sha = (text) => createHash('sha256').update(text).digest('hex');
const names = ['manifest.json', 'server.mjs', 'widget.js'];
const build = sha(names.map((name) => sha(readFileSync(name)) + '  ' + name + '\\n').sort().join(''));
`;

/** Answers health, counts the rest, and tells its environment at /env. Ends gracefully. */
export const goodServer = `${prologue}
let probes = 0;
const server = createServer((request, response) => {
  request.resume();
  if (request.headers['x-aurora-probe'] === 'warm-up') probes += 1;
  response.setHeader('content-type', 'application/json');
  if (request.url === '/env') response.end(JSON.stringify({ env: process.env, cwd: process.cwd(), probes }));
  else if (request.url === '/crash') { console.error('going down with ' + process.env.CONCIERGE_API_KEY); process.exit(7); }
  else response.end(JSON.stringify({ status: 'ok', build }));
});
server.on('error', (error) => { console.error(String(error)); process.exit(1); });
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => { console.log('{"bye":true}'); process.exit(0); });
`;

export interface TestBuild {
  readonly buildDirectory: string;
  readonly build: string;
}

/** Writes a build's three files and tells its digest. */
export async function makeBuild(server = goodServer): Promise<TestBuild> {
  const buildDirectory = join(await temporaryDirectory(), 'build');
  const widget = '/* widget */';
  const files: Record<string, string> = {
    'manifest.json': JSON.stringify({
      format: 1,
      files: { 'server.mjs': sha256(server), 'widget.js': sha256(widget) },
    }),
    'server.mjs': server,
    'widget.js': widget,
  };
  await mkdir(buildDirectory);
  const lines: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(buildDirectory, name), content);
    lines.push(`${sha256(content)}  ${name}\n`);
  }
  return { buildDirectory, build: sha256(lines.sort().join('')) };
}

export const token = 'host-token';

/** Talks to a host as the driver does. */
export function hostClient(host: string) {
  const headers = { authorization: `Bearer ${token}` };
  const send = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${host}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const list = async () => (await send('GET', '/slots')).body as unknown as SlotStatus[];
  return {
    host,
    send,
    list,
    start: (order: TestBuild, slot = 'staging/blue', env: Record<string, string> = {}) =>
      send('POST', `/slots/${slot}`, {
        ...order,
        env: { CONCIERGE_API_KEY: 'key-0123456789', ...env },
      }),
    stop: (slot = 'staging/blue') => send('DELETE', `/slots/${slot}`),
    status: async (slot = 'staging/blue') => {
      const found = (await list()).find((one) => `${one.environment}/${one.slot}` === slot);
      if (found === undefined) throw new Error(`no slot ${slot}`);
      return found;
    },
  };
}

/** A free stretch of ports below the ephemeral ones; the host itself skips those in use. */
const firstPort = 30_000 + Math.floor(Math.random() * 2_000);
export const portRange = [firstPort, firstPort + 400] as const;

/** A host in this process, in a directory of its own. */
export async function runHost(warmUp: WarmUpLimits = { requests: 12, ms: 500 }) {
  const directory = await temporaryDirectory();
  const part = await startHost({ port: 0, token, directory, portRange, warmUp });
  let closed = false;
  const close = async () => {
    if (!closed) await part.close();
    closed = true;
  };
  atEnd(close);
  return { ...hostClient(part.endpoints.host ?? ''), directory, close };
}

/** Whether a process runs. One that has ended but that nobody has collected yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // Without /proc (macOS) the signal alone has to do.
    return (error as { code?: unknown }).code === 'ENOENT' && !existsSync('/proc/self/stat');
  }
}
