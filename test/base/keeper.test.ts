import { readFileSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileKeeper, type Source } from '../../src/base/keeper.ts';
import { rememberSecret } from '../../src/base/redact.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-keeper-'));
  await writeFile(join(directory, 'input'), 'one');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const input = () => join(directory, 'input');
const cache = () => join(directory, 'cache');
const source = (): Source => ({
  name: 'thing',
  path: input(),
  read: () => [['', readFileSync(input())]],
});

/** Asks for what is made of the input, a build's own way; counts how often it was made. */
function asker(build = 'build-1', of: Source = source()) {
  const keeper = new FileKeeper(cache(), build);
  let made = 0;
  return {
    file: keeper.fileOf(of),
    ask: async (value: (text: string) => unknown = (text) => ({ text })) => {
      const answer = await keeper.keep(of, async () => {
        made += 1;
        return value(await readFile(input(), 'utf8'));
      });
      return { answer, made };
    },
  };
}

describe('what was made of a file', () => {
  it('is made once, for any process that asks later', async () => {
    expect(await asker().ask()).toEqual({ answer: { text: 'one' }, made: 1 });
    expect(await asker().ask()).toEqual({ answer: { text: 'one' }, made: 0 });
  });

  it('is kept where nobody else can read it', async () => {
    const { ask, file } = asker();
    await ask();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(cache())).mode & 0o777).toBe(0o700);
  });

  it('is made anew when a byte differs, and when the byte is put back', async () => {
    const { ask } = asker();
    await ask();
    for (const text of ['two', 'one', 'one\n']) {
      await writeFile(input(), text);
      expect((await asker().ask()).answer).toEqual({ text });
    }
    expect(await readdir(cache())).toHaveLength(1);
  });

  it('is made anew by another build of aurora, and for another place', async () => {
    await asker('build-1').ask();
    expect((await asker('build-2').ask()).made).toBe(1);
    const moved = { ...source(), path: join(directory, 'elsewhere') };
    expect((await asker('build-2', moved).ask()).made).toBe(1);
    expect((await asker('build-2').ask()).made).toBe(0);
  });

  it('tells parts of the input apart by their bounds', async () => {
    const parts = (...names: string[]): Source => ({
      ...source(),
      read: () => names.map((name) => [name, Buffer.from('x')] as const),
    });
    await asker('b', parts('ab', 'c')).ask();
    expect((await asker('b', parts('a', 'bc')).ask()).made).toBe(1);
    expect((await asker('b', parts('a')).ask()).made).toBe(1);
  });

  it('is not kept when the input changed while it was made', async () => {
    await asker().ask(async (text) => {
      await writeFile(input(), 'two');
      return { text };
    });
    await writeFile(input(), 'one');
    expect((await asker().ask()).made).toBe(1);
  });

  it('is not kept when it could not be made: the error is the answer each time', async () => {
    const fail = () => {
      throw new Error('not valid');
    };
    await expect(asker().ask(fail)).rejects.toThrow('not valid');
    await expect(asker().ask(fail)).rejects.toThrow('not valid');
  });

  it.each([
    ['undefined inside', { a: undefined }],
    ['a date', { at: new Date(0) }],
    ['no number', { n: Number.NaN }],
    ['nothing', undefined],
    ['a map', new Map([['a', 1]])],
  ])('is not kept when JSON does not carry it: %s', async (_what, value) => {
    await asker().ask(() => value);
    expect(await asker().ask(() => value)).toEqual({ answer: value, made: 1 });
  });

  it.each([
    'https://user:opensesame@flags.example.com',
    'hunter2-hunter2',
  ])('is not kept when it holds a secret', async (value) => {
    rememberSecret('hunter2-hunter2');
    await asker().ask(() => ({ value }));
    expect((await asker().ask(() => ({ value }))).made).toBe(1);
    expect(await readdir(cache()).catch(() => [])).toEqual([]);
  });
});

describe('a kept file', () => {
  /** Keeps `{text: 'one'}`, changes its file, and asks again. */
  async function afterwards(change: (file: string) => Promise<unknown>) {
    const { ask, file } = asker();
    await ask();
    await change(file);
    return asker().ask();
  }

  it.each([
    ['another value', (text: string) => text.replace('one', 'two')],
    ['nothing', () => ''],
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['more behind it', (text: string) => `${text}{}\n`],
    ['no line end', (text: string) => text.trimEnd()],
    ['no JSON', () => 'key\nsum\n{'],
  ])('that holds %s is not believed, and made again', async (_what, change) => {
    const result = await afterwards(async (file) => {
      await writeFile(file, change(await readFile(file, 'utf8')));
    });
    expect(result).toEqual({ answer: { text: 'one' }, made: 1 });
    expect((await asker().ask()).made).toBe(0);
  });

  it.each([0o640, 0o604, 0o660, 0o666])('of mode %o is not believed', async (mode) => {
    expect((await afterwards((file) => chmod(file, mode))).made).toBe(1);
    expect((await asker().ask()).made).toBe(0);
  });

  it('of another source is not believed in its place', async () => {
    await writeFile(join(directory, 'other'), 'one');
    const other = { ...source(), path: join(directory, 'other') };
    await asker('build-1', other).ask(() => ({ text: 'foreign' }));
    const result = await afterwards((file) => rename(asker('build-1', other).file, file));
    expect(result).toEqual({ answer: { text: 'one' }, made: 1 });
  });

  it('that is a link or a directory is not believed', async () => {
    const linked = await afterwards(async (file) => {
      await rename(file, `${file}.away`);
      await symlink(`${file}.away`, file);
    });
    expect(linked.made).toBe(1);
    const hidden = await afterwards(async (file) => {
      await rm(file);
      await mkdir(file);
    });
    expect(hidden).toEqual({ answer: { text: 'one' }, made: 1 });
  });

  it('that cannot be written costs nothing but time', async () => {
    await writeFile(cache(), 'a file where the directory should be');
    expect(await asker().ask()).toEqual({ answer: { text: 'one' }, made: 1 });
    expect(await asker().ask()).toEqual({ answer: { text: 'one' }, made: 1 });
  });
});
