import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../../src/app/io.ts';
import { keeperOf, openConfig, openPlan } from '../../src/app/opening.ts';
import { noKeeper } from '../../src/base/keeper.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { configTemplate } from '../../src/config/template.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-opening-'));
  await cp(shippedChecklists(), checklists(), { recursive: true });
  await writeFile(join(directory, 'aurora.config.yaml'), configTemplate());
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const checklists = () => join(directory, 'checklists');
const io = (): Io => ({
  ...({ stdout: process.stdout, stderr: process.stderr, stdin: {} } as const),
  variables: { XDG_CACHE_HOME: join(directory, 'cache') },
  workingDirectory: directory,
});
const keeper = () => keeperOf(io(), 'a build');
const kept = () => readdir(join(directory, 'cache/aurora')).catch((): string[] => []);

describe('a configuration and a plan that were read before', () => {
  it('are the same as when they are read anew', async () => {
    const read = { config: await openConfig(io(), {}), plan: await openPlan(checklists()) };
    expect(await kept()).toEqual([]);
    for (const _turn of ['made', 'kept']) {
      expect(await openConfig(io(), {}, keeper())).toStrictEqual(read.config);
      expect(await openPlan(checklists(), keeper())).toStrictEqual(read.plan);
      expect(await kept()).toHaveLength(2);
    }
  });

  it('are refused again as soon as a file is wrong, and right again when it is mended', async () => {
    const fine = await openPlan(checklists(), keeper());
    for (const name of (await readdir(checklists())).filter((one) => one.endsWith('.yaml'))) {
      const path = join(checklists(), name);
      const text = await readFile(path, 'utf8');
      await appendFile(path, '# a remark\n');
      const other = await openPlan(checklists(), keeper());
      expect(other.plan.digest, name).not.toBe(fine.plan.digest);
      await writeFile(path, text);
    }
    await appendFile(join(checklists(), 'release.yaml'), 'surprise: 1\n');
    await expect(openPlan(checklists(), keeper())).rejects.toMatchObject({ code: 'PLAN_INVALID' });
    await appendFile(join(directory, 'aurora.config.yaml'), 'surprise: 1\n');
    const again = openConfig(io(), {}, keeper());
    await expect(again).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('hold references to secrets and no value of one', async () => {
    await openConfig(io(), {}, keeper());
    const [file = ''] = await kept();
    const text = await readFile(join(directory, 'cache/aurora', file), 'utf8');
    expect(text).toContain('AURORA_UNLEASH_ADMIN_TOKEN');
    await writeFile(
      join(directory, 'aurora.config.yaml'),
      configTemplate().replace('https://unleash.', 'https://u:opensesame@unleash.'),
    );
    await openConfig(io(), {}, keeper()).catch(() => undefined);
    for (const name of await kept()) {
      const now = await readFile(join(directory, 'cache/aurora', name), 'utf8');
      expect(now).not.toContain('opensesame');
    }
  });

  it('are not kept by an aurora that runs from its sources: nothing names what it was built from', () => {
    expect(keeperOf(io(), null)).toBe(noKeeper);
    expect(keeperOf(io())).toBe(noKeeper);
  });
});
