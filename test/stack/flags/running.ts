import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/base/package-root.ts';
import type { PartMessage } from '../../../src/stack/child.ts';
import type { FlagsTokens } from '../../../src/stack/flags/options.ts';
import { flagsRuntime, install, isInstalled } from '../../../src/stack/flags/runtime.ts';
import { createFlagsTokens } from '../../../src/stack/flags/tokens.ts';

/** A flag server in a process of its own, started for one test file. */
export interface RunningFlags {
  readonly url: string;
  readonly tokens: FlagsTokens;
  close(): Promise<void>;
}

/** Bundles one entry of the stack as the product's build does; removed again with `directory`. */
export async function bundlePart(entry: string, directory: string): Promise<string> {
  const outfile = join(directory, `${entry.replaceAll('/', '-')}.js`);
  await build({
    entryPoints: [join(packageRoot(), 'src', entry, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}

/** Inside the package, so that external packages resolve. */
export async function bundleDirectory(): Promise<string> {
  const parent = join(packageRoot(), '.cache', 'test-bundles');
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'b-'));
}

/** Whether there is a real flag server to test against; installs it unless told to stay offline. */
export async function flagServerAvailable(): Promise<boolean> {
  const runtime = await flagsRuntime();
  if (isInstalled(runtime)) return true;
  if (process.env.AURORA_TEST_OFFLINE !== undefined) {
    process.stderr.write('The flag server is not installed and AURORA_TEST_OFFLINE is set.\n');
    return false;
  }
  await install(runtime, () => undefined, AbortSignal.timeout(300_000));
  return true;
}

/** Starts the real flag server as the supervisor does: forked, its options over IPC. */
export async function startFlagsProcess(): Promise<RunningFlags> {
  const [runtime, bundles] = await Promise.all([flagsRuntime(), bundleDirectory()]);
  const data = await mkdtemp(join(tmpdir(), 'aurora-flags-'));
  const tokens = createFlagsTokens();
  const entry = await bundlePart('stack/flags', bundles);
  const child = fork(entry, [], { env: { PATH: process.env.PATH }, execArgv: [], stdio: 'ignore' });
  const remove = () =>
    Promise.all([data, bundles].map((d) => rm(d, { recursive: true, force: true })));
  child.send({
    port: 0,
    databasePort: 0,
    runtimeDirectory: runtime.directory,
    templateDirectory: runtime.templateDirectory,
    dataDirectory: join(data, 'db'),
    tokens,
  });
  const [message] = (await once(child, 'message')) as [PartMessage];
  if (message.type !== 'ready') throw new Error(message.message);
  return {
    url: message.endpoints.http ?? '',
    tokens,
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await remove();
    },
  };
}
