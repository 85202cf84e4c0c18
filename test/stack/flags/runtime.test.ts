import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../../src/base/cache-directory.ts';
import {
  type FlagsRuntime,
  flagsRuntime,
  install,
  isInstalled,
} from '../../../src/stack/flags/runtime.ts';
import { fillFromTemplate } from '../../../src/stack/flags/template.ts';

let root: string;
let runtime: FlagsRuntime;
const path = process.env.PATH;
const signal = AbortSignal.timeout(20_000);

/** A tiny npm: writes what the real one would, or fails, or hangs. */
async function npm(body: string): Promise<void> {
  const bin = join(root, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'npm'), `#!/bin/sh\n${body}\n`);
  await chmod(join(bin, 'npm'), 0o755);
  process.env.PATH = `${bin}:${path}`;
}

const installs = `[ -f package-lock.json ] || exit 1
mkdir -p node_modules/unleash-server && echo '{}' > node_modules/unleash-server/package.json
echo "npm $*"`;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aurora-runtime-'));
  runtime = await flagsRuntime(join(root, 'cache'));
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(root, { recursive: true, force: true });
});

const left = async () => readdir(dirname(runtime.directory)).catch(() => []);

describe('the flag server’s packages', () => {
  it('lie where their lockfile says', () => {
    expect(runtime.directory).toMatch(/cache\/flags-runtime\/[0-9a-f]{12}$/);
    expect(isInstalled(runtime)).toBe(false);
  });

  it('are installed whole, from the lockfile and without scripts', async () => {
    await npm(installs);
    const lines: string[] = [];
    await install(runtime, (line) => lines.push(line), signal);
    expect(isInstalled(runtime)).toBe(true);
    expect(lines[0]).toMatch(/^npm ci .*--omit=dev.*--ignore-scripts/);
    expect(await left()).toHaveLength(1);
    await npm('exit 1');
    await expect(install(runtime, () => undefined, signal)).resolves.toBeUndefined();
  });

  it('survive two installs at once', async () => {
    await npm(installs);
    const both = [1, 2].map(() => install(runtime, () => undefined, signal));
    await Promise.all(both);
    expect(isInstalled(runtime)).toBe(true);
    expect(await left()).toHaveLength(1);
  });

  it('are not there when npm fails, and its words are told', async () => {
    await npm('echo "npm error ENOTFOUND registry" >&2; exit 1');
    await expect(install(runtime, () => undefined, signal)).rejects.toMatchObject({
      code: 'STACK_START_FAILED',
      message: expect.stringContaining('ENOTFOUND registry'),
    });
    expect(isInstalled(runtime)).toBe(false);
    expect(await left()).toEqual([]);
  });

  it('stop being installed when the signal aborts', async () => {
    await npm('echo begun; exec sleep 30');
    const abort = new AbortController();
    const work = install(runtime, () => abort.abort(new Error('interrupted')), abort.signal);
    await expect(work).rejects.toThrow('interrupted');
    expect(await left()).toEqual([]);
  });
});

describe('the cache directory', () => {
  it('follows an absolute XDG_CACHE_HOME and ignores a relative one', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/aurora');
    expect(cacheDirectory({ XDG_CACHE_HOME: 'cache' })).toMatch(/^\/.*\/\.cache\/aurora$/);
  });
});

describe('the migrated template', () => {
  const make = async (directory: string) => {
    await mkdir(directory);
    await writeFile(join(directory, 'PG_VERSION'), '17');
  };

  it('is made once and copied from then on', async () => {
    let made = 0;
    const count = async (directory: string) => {
      made += 1;
      await make(directory);
    };
    const template = join(root, 'templates', 'a');
    await fillFromTemplate(template, join(root, 'one'), count);
    await fillFromTemplate(template, join(root, 'two'), count);
    expect(made).toBe(1);
    expect(await readdir(join(root, 'two'))).toEqual(['PG_VERSION']);
  });

  it('is whole when two make it at once', async () => {
    const template = join(root, 'templates', 'a');
    const stacks = ['one', 'two'].map((name) => join(root, name));
    await Promise.all(stacks.map((stack) => fillFromTemplate(template, stack, make)));
    for (const stack of stacks) expect(await readdir(stack)).toEqual(['PG_VERSION']);
    expect(await readdir(join(root, 'templates'))).toEqual(['a']);
  });

  it('is not there when making it fails', async () => {
    const failing = fillFromTemplate(join(root, 't', 'a'), join(root, 'one'), async (directory) => {
      await make(directory);
      throw new Error('no space left');
    });
    await expect(failing).rejects.toThrow('no space left');
    expect(await readdir(join(root, 't'))).toEqual([]);
  });

  it('leaves a database that is there alone', async () => {
    await make(join(root, 'mine'));
    const never = () => Promise.reject(new Error('called'));
    await expect(
      fillFromTemplate(join(root, 't'), join(root, 'mine'), never),
    ).resolves.toBeUndefined();
  });
});
