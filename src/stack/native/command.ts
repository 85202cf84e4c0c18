import { join } from 'node:path';
import type { NativeOptions } from './options.ts';

/** How a real server is run: what goes to its standard input, and which file it wants first. */
export interface NativeCommand {
  readonly args: readonly string[];
  /** redis-server takes its configuration from here, so that its password is in no argv. */
  readonly input?: string;
  readonly file?: { readonly path: string; readonly content: string };
}

const host = '127.0.0.1';

function vaultConfig(port: number): string {
  return [
    'storage "inmem" {}',
    `listener "tcp" {`,
    `  address = "${host}:${port}"`,
    '  tls_disable = true',
    '}',
    'disable_mlock = true',
    `api_addr = "http://${host}:${port}"`,
    '',
  ].join('\n');
}

function redisConfig(options: NativeOptions): string {
  return [
    `port ${options.port}`,
    `bind ${host}`,
    `dir "${options.dataDirectory}"`,
    'save ""',
    'appendonly no',
    ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
    '',
  ].join('\n');
}

/** The command of a real server: loopback only, its own data directory, no secret in argv. */
export function nativeCommand(options: NativeOptions): NativeCommand {
  const { kind, port, dataDirectory } = options;
  if (kind === 'mongod') {
    const listen = ['--bind_ip', host, '--port', String(port), '--nounixsocket'];
    return { args: ['--dbpath', dataDirectory, ...listen, '--quiet'] };
  }
  if (kind === 'redis-server') return { args: ['-'], input: redisConfig(options) };
  const path = join(dataDirectory, 'vault.hcl');
  return { args: ['server', `-config=${path}`], file: { path, content: vaultConfig(port) } };
}
