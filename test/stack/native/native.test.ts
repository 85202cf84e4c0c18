import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeCommand } from '../../../src/stack/native/command.ts';
import { startNative } from '../../../src/stack/native/start.ts';
import { freePorts, isPortFree } from '../../../src/stack/ports.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aurora-native-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A program that looks like a real server: it listens on the port of its configuration. */
async function program(name: string, body: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, `#!${process.execPath}\n${body}`);
  await chmod(path, 0o755);
  return path;
}

const listening = `
const fs = require('node:fs');
const input = fs.readFileSync(0, 'utf8');
fs.writeFileSync('seen.json', JSON.stringify({ input, argv: process.argv.slice(2), env: Object.keys(process.env) }));
require('node:net').createServer().listen(Number(/port (\\d+)/.exec(input)[1]), '127.0.0.1');
`;

describe('a real server in the place of an embedded one', () => {
  it('gets its password on standard input only, and listens on loopback', async () => {
    const [port = 0] = await freePorts(1);
    const dataDirectory = join(root, 'data');
    const running = await startNative({
      kind: 'redis-server',
      program: await program('redis-server', listening),
      port,
      dataDirectory,
      password: 'very-secret-password',
    });
    expect(running.endpoints).toEqual({ address: `redis://127.0.0.1:${port}` });
    const seen = JSON.parse(await readFile(join(dataDirectory, 'seen.json'), 'utf8'));
    expect(seen.argv).toEqual(['-']);
    expect(seen.env).toEqual(['PATH']);
    expect(seen.input).toContain('bind 127.0.0.1\n');
    expect(seen.input).toContain('requirepass very-secret-password\n');
    await running.close();
    expect(await isPortFree(port)).toBe(true);
  });

  it('ends with its part even when it ignores SIGTERM', async () => {
    const [port = 0] = await freePorts(1);
    const stubborn = await program(
      'stubborn',
      `process.on('SIGTERM', () => undefined);\n${listening}`,
    );
    const options = { kind: 'redis-server', program: stubborn, port } as const;
    const running = await startNative({ ...options, dataDirectory: join(root, 'stubborn-data') });
    const began = performance.now();
    await running.close();
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(await isPortFree(port)).toBe(true);
  });

  it('says how it ended when it does not start', async () => {
    const failing = await program('failing', 'process.exit(4);');
    const options = { kind: 'mongod', program: failing, port: 1, dataDirectory: root } as const;
    await expect(startNative(options)).rejects.toThrow('the server ended (exit 4)');
  });

  it('that is not there is reported', async () => {
    const missing = join(root, 'missing');
    const options = { kind: 'mongod', program: missing, port: 1, dataDirectory: root } as const;
    await expect(startNative(options)).rejects.toThrow('ENOENT');
  });

  it.each(['mongod', 'vault'] as const)('runs %s on loopback', (kind) => {
    const command = nativeCommand({ kind, program: kind, port: 20_123, dataDirectory: '/data' });
    const text = [...command.args, command.file?.content].join(' ');
    expect(text).toMatch(/127\.0\.0\.1/);
    expect(text).toContain('20123');
    expect(text).not.toContain('0.0.0.0');
  });
});

describe('free ports', () => {
  it('are neighbours below 32768 that nobody has', async () => {
    const ports = await freePorts(5);
    expect(ports).toHaveLength(5);
    expect((ports.at(-1) ?? 0) - (ports[0] ?? 0)).toBe(4);
    expect(Math.max(...ports)).toBeLessThan(30_000);
    const refused = await new Promise((resolve) => {
      const socket = createConnection({ port: ports[0] ?? 0, host: '127.0.0.1' });
      socket.once('error', () => resolve(true));
      socket.once('connect', () => resolve(false));
    });
    expect(refused).toBe(true);
  });
});
