import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAll } from '../../bin/build.mjs';
import { systemClock } from '../../src/base/clock.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { FileStore } from '../../src/release/file-store.ts';

// Below the package: that is where the built program looks for what ships beside it.
const parent = join(packageRoot(), 'node_modules/.cache');
let directory: string;
let desk: string;
let metafile: Awaited<ReturnType<typeof buildAll>>;

beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  directory = await mkdtemp(join(parent, 'aurora-loads-'));
  desk = join(directory, 'desk');
  await mkdir(desk);
  metafile = await buildAll(join(directory, 'dist'));
  await run('init');
  await cp(join(packageRoot(), 'fixtures/env'), join(desk, 'env'), { recursive: true });
  const store = new FileStore(join(desk, '.aurora'), systemClock);
  const journal = await store.create('20250101-000000-1.4.0-aaaa', 'Alex W.');
  await journal.append('rollback.started', { reason: 'errors', only: 'flags' });
  await journal.close();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the built program. Answers its output and every script that Node has run for it. */
async function run(...words: string[]) {
  const coverage = await mkdtemp(join(directory, 'coverage-'));
  const child = spawn(process.execPath, [join(directory, 'dist/bin/aurora.js'), ...words], {
    cwd: desk,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      XDG_CACHE_HOME: join(directory, 'cache'),
      AURORA_UNLEASH_ADMIN_TOKEN: 'admin-token-of-a-test',
      AURORA_UNLEASH_STAGING_TOKEN: 'staging-token-of-a-test',
      AURORA_UNLEASH_PRODUCTION_TOKEN: 'production-token-of-a-test',
      NODE_V8_COVERAGE: coverage,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (shown += text));
  const exit = await new Promise((resolve) => child.on('close', resolve));
  const [report = ''] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, report), 'utf8')) as {
    readonly result: readonly { readonly url: string }[];
  };
  return { exit, shown, loaded: packagesOf(result.map(({ url }) => url)) };
}

/** The packages and the rooms of aurora whose code lies in these files, bundled or not. */
function packagesOf(urls: readonly string[]): ReadonlySet<string> {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      path.replace(/^.*\/dist\//, ''),
      output,
    ]),
  );
  const sources = urls.flatMap((url) => {
    const inside = url.split(`${directory}/dist/`)[1];
    if (inside === undefined) return [url];
    const inputs = outputs.get(inside)?.inputs;
    if (inputs === undefined) throw new Error(`the build does not know ${url}`);
    return Object.keys(inputs);
  });
  return new Set(sources.flatMap((path) => nameOf(path)));
}

function nameOf(path: string): readonly string[] {
  const inPackage = path.split('node_modules/').at(-1) ?? '';
  if (path.includes('node_modules/') && !path.includes('/aurora-loads-')) {
    return [
      inPackage
        .split('/')
        .slice(0, inPackage.startsWith('@') ? 2 : 1)
        .join('/'),
    ];
  }
  const room = /(?:^|\/)src\/[a-z]+/.exec(path)?.[0];
  return room === undefined ? [] : [room.replace(/^\//, '')];
}

/** The steps, without the lines above them that tell how long ago it was. */
const tableOf = (shown: string) => shown.slice(shown.indexOf('step  what'));

const heavy = [
  'string-width',
  'wrap-ansi',
  'zod',
  'yaml',
  'mongodb',
  'undici',
  'listr2',
  'unleash-client',
  'ioredis',
  'esbuild',
];

describe('the built program loads', () => {
  it('nothing but itself to say its version', async () => {
    const { exit, shown, loaded } = await run('--version');
    expect([exit, shown]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect([...loaded]).toEqual([]);
  });

  it('YAML and schemas at the first look at a release, and neither at the second', async () => {
    const first = await run('status');
    expect([...first.loaded]).toEqual(expect.arrayContaining(['zod', 'yaml', 'src/effects']));
    const second = await run('status');
    expect(second.exit).toBe(0);
    expect(tableOf(second.shown)).toEqual(tableOf(first.shown));
    expect(second.shown).toContain('20250101-000000-1.4.0-aaaa');
    for (const name of heavy) expect(second.loaded, name).not.toContain(name);
    for (const room of ['effects', 'checks', 'services', 'judge', 'deploy', 'rollback', 'stack']) {
      expect(second.loaded, room).not.toContain(`src/${room}`);
    }
    expect(second.loaded).toContain('commander');
  });

  it('no HTTP, YAML or checks to say what switching off the flags would send', async () => {
    const words = ['rollback', '--dry-run', '--only', 'flags'];
    await run(...words);
    const { exit, shown, loaded } = await run(...words);
    expect(exit).toBe(0);
    expect(shown).toContain('flag AURORA_WIDGET_ENABLED in production: off');
    expect(shown).toContain('send POST');
    for (const name of ['yaml', 'undici', 'mongodb', 'listr2']) expect(loaded).not.toContain(name);
  });
});

describe('the build', () => {
  it('names the licence of every package that lies in it', async () => {
    const text = await readFile(join(directory, 'dist/LICENSES.txt'), 'utf8');
    const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    const names = bundled.filter((path) => path.includes('node_modules/')).flatMap(nameOf);
    expect(new Set(names)).toContain('commander');
    for (const name of new Set(names)) expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});
