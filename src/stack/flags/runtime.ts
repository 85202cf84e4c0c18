import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../../base/cache-directory.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { privateDirectory } from '../../base/files.ts';
import { packageRoot } from '../../base/package-root.ts';

/** Where the flag server's packages and its migrated database template lie in the cache. */
export interface FlagsRuntime {
  /** Holds `node_modules`; it only exists whole. */
  readonly directory: string;
  readonly templateDirectory: string;
  /** The shipped package.json and package-lock.json. */
  readonly source: string;
}

const manifests = ['package.json', 'package-lock.json'] as const;
/** Raised when what the template holds changes for another reason than the packages. */
const templateFormat = 1;
const installTimeoutMs = 15 * 60_000;

/** The runtime that this version of aurora wants: its lockfile names the directories. */
export async function flagsRuntime(
  cache: string = cacheDirectory(),
  source: string = join(packageRoot(), 'src/stack/flags/runtime'),
): Promise<FlagsRuntime> {
  const lock = await readFile(join(source, 'package-lock.json'));
  const key = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  return {
    directory: join(cache, 'flags-runtime', key),
    templateDirectory: join(cache, 'flags-template', `${key}-${templateFormat}`),
    source,
  };
}

/** Whether the packages are there. Installing renames a finished directory, so half is never. */
export function isInstalled(runtime: FlagsRuntime): boolean {
  return existsSync(join(runtime.directory, 'node_modules', 'unleash-server', 'package.json'));
}

/** The install command; scripts stay off, since nothing of the flag server needs one. */
export function installCommand(): readonly [file: string, args: readonly string[]] {
  return [
    'npm',
    ['ci', '--no-audit', '--no-fund', '--omit=dev', '--ignore-scripts', '--loglevel=http'],
  ];
}

/** Puts a finished directory in its place; another process that was faster has won. */
async function settle(finished: string, place: string): Promise<void> {
  try {
    await rename(finished, place);
  } catch (error) {
    if (!existsSync(join(place, 'node_modules'))) throw error;
  }
}

/**
 * Installs the flag server's packages into the cache (about 220 MB) and resolves when they are whole.
 * `onLine` gets each line of npm. Two at once do the work twice and one result stays. STACK_START_FAILED
 * with npm's last lines when it fails; the signal's reason when it aborts.
 */
export async function install(
  runtime: FlagsRuntime,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (isInstalled(runtime)) return;
  const parent = dirname(runtime.directory);
  await mkdir(parent, { recursive: true, mode: privateDirectory });
  const temporary = join(parent, `.installing-${randomBytes(6).toString('hex')}`);
  await mkdir(temporary, { mode: privateDirectory });
  try {
    for (const name of manifests) await copyFile(join(runtime.source, name), join(temporary, name));
    await runInstall(temporary, onLine, signal);
    await settle(temporary, runtime.directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function runInstall(
  cwd: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const [file, args] = installCommand();
  const last: string[] = [];
  try {
    const child = execa(file, args, {
      cwd,
      all: true,
      buffer: false,
      cancelSignal: signal,
      stdin: 'ignore',
      timeout: installTimeoutMs,
    });
    for await (const line of child.iterable({ from: 'all' })) {
      last.push(line);
      if (last.length > 5) last.shift();
      onLine(line);
    }
    await child;
  } catch (cause) {
    signal.throwIfAborted();
    const detail = last.length > 0 ? last.join(' | ') : messageOf(cause);
    throw new AuroraError('STACK_START_FAILED', `the flag server was not installed: ${detail}`, {
      where: [file, ...args].join(' '),
      remedy: 'Check that the npm registry can be reached, then run `aurora stack up` again.',
      cause,
    });
  }
}
