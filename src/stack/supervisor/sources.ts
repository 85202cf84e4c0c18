import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { AuroraError } from '../../base/errors.ts';

/** Where a server of the stack comes from. */
export type Source =
  | { readonly from: 'embedded' }
  /** A real program of the user's PATH, started and ended by the stack. */
  | { readonly from: 'program'; readonly program: string }
  /** A server that the user runs; the stack never ends it and puts no faults on it. */
  | { readonly from: 'given'; readonly address: string; readonly token?: string };

/** The three servers that can be real ones. */
export interface Sources {
  readonly mongodb: Source;
  readonly vault: Source;
  readonly redis: Source;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Each host of the address, also of a MongoDB address with several. */
function hostsOf(address: string): string[] {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(address)?.[1] ?? '';
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .split(',')
    .map((host) => host.replace(/:\d+$/, '').toLowerCase());
}

/** STACK_FOREIGN unless the address is of loopback: a rehearsal must not reach anything else. */
function assertLoopback(variable: string, address: string): void {
  const usesDns = /^mongodb\+srv:/i.test(address);
  if (!usesDns && hostsOf(address).every((host) => loopback.has(host))) return;
  throw new AuroraError('STACK_FOREIGN', `${variable} does not point at this machine`, {
    where: variable,
    remedy: `Unset ${variable}, or give it an address on 127.0.0.1.`,
  });
}

/** The first executable of one of these names in PATH. */
export function findProgram(names: readonly string[], path: string): string | undefined {
  for (const directory of path.split(delimiter).filter((d) => isAbsolute(d))) {
    for (const name of names) {
      const file = join(directory, name);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

function given(env: NodeJS.ProcessEnv, variable: string): Source | undefined {
  const address = env[variable];
  if (address === undefined || address === '') return undefined;
  assertLoopback(variable, address);
  return { from: 'given', address };
}

function installed(names: readonly string[], env: NodeJS.ProcessEnv): Source {
  const program = findProgram(names, env.PATH ?? '');
  return program === undefined ? { from: 'embedded' } : { from: 'program', program };
}

/**
 * Chooses each server: the one that AURORA_STACK_* names, else a program on PATH, else the embedded one.
 * No other variable counts. STACK_FOREIGN for an address that is not on loopback.
 */
export function chooseSources(env: NodeJS.ProcessEnv): Sources {
  const vault = given(env, 'AURORA_STACK_VAULT_ADDR');
  const token = env.AURORA_STACK_VAULT_TOKEN;
  if (vault !== undefined && (token === undefined || token === '')) {
    throw new AuroraError('CREDENTIAL_MISSING', 'the given vault needs AURORA_STACK_VAULT_TOKEN', {
      where: 'AURORA_STACK_VAULT_ADDR',
    });
  }
  return {
    mongodb: given(env, 'AURORA_STACK_MONGODB_URI') ?? installed(['mongod'], env),
    vault:
      vault === undefined
        ? installed(['vault', 'bao'], env)
        : { ...vault, ...(token === undefined ? {} : { token }) },
    redis: given(env, 'AURORA_STACK_REDIS_URL') ?? installed(['redis-server'], env),
  };
}
