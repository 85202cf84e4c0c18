import { join } from 'node:path';
import { execa } from 'execa';
import { AuroraError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { revealed, type Secret } from '../base/secret.ts';
import type { CommandChange } from '../services/change.ts';

/** A migration that takes longer than this hangs. */
const migrationMs = 120_000;

/** The command that migrates the database of a build: `migrate:up` of the runbook. */
export function migrationChange(directory: string): CommandChange {
  const argv = [process.execPath, join(directory, 'server.mjs'), 'migrate:up'];
  return { via: 'command', argv, directory };
}

/**
 * Runs the migrations of a build against the database of its environment: forward only, and safe to
 * repeat. The process gets exactly this environment. EFFECT_FAILED with the last lines otherwise.
 */
export async function migrate(
  build: { readonly directory: string; readonly version: string },
  env: Readonly<Record<string, string | Secret>>,
  signal: AbortSignal,
): Promise<void> {
  const { argv, directory } = migrationChange(build.directory);
  const [file = '', ...args] = argv;
  const result = await execa(file, args, {
    cwd: directory,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, revealed(value)])),
    extendEnv: false,
    timeout: migrationMs,
    cancelSignal: signal,
    all: true,
    reject: false,
  });
  if (signal.aborted) throw signal.reason;
  if (result.exitCode === 0) return;
  const lines = redact(result.all ?? '')
    .trim()
    .split('\n')
    .slice(-5)
    .join(' | ');
  const how = result.timedOut
    ? `no end after ${migrationMs / 1_000} s`
    : `exit ${result.exitCode ?? result.signal}`;
  throw new AuroraError('EFFECT_FAILED', `migrate:up of ${build.version}: ${how}: ${lines}`, {
    where: build.directory,
  });
}
