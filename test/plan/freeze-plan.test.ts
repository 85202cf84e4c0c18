import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { loadPlan } from '../../src/plan/load-plan.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-freezes-'));
  await cp(shippedChecklists(), directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The shipped plan with these lines before its steps, and the line of the first of them. */
async function withLines(...lines: string[]): Promise<number> {
  const file = join(directory, 'release.yaml');
  const [head = '', tail] = (await readFile(file, 'utf8')).split(/^steps:$/m);
  await writeFile(file, `${head}${lines.join('\n')}\nsteps:${tail}`);
  return head.split('\n').length;
}

describe('freezes of a plan', () => {
  it('are none in the shipped one, and its example is one that works', async () => {
    expect((await loadPlan(directory)).freezes).toEqual([]);
    const file = join(directory, 'release.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/^# freezes:\n(# {3}.*\n)+/m, (all) => all.replace(/^# /gm, '')),
    );
    const { freezes } = await loadPlan(directory);
    expect(freezes.map(({ name, when }) => [name, when])).toEqual([
      ['Black Week', 'once'],
      ['Friday afternoon', 'weekly'],
      ['Christmas', 'yearly'],
    ]);
    expect(freezes[1]).toMatchObject({ days: [5], from: 15 * 60, to: 24 * 60 });
    expect(freezes[2]).toMatchObject({ from: { month: 12, day: 23 }, to: { month: 1, day: 2 } });
  });

  const week = 'name: f, zone: UTC, days: [fri]';
  it.each([
    [
      'an unknown zone',
      'name: f, zone: Europe/Olso, from: 2026-11-27T00:00, to: 2026-11-28T00:00',
      'zone: "Europe/Olso" is no time zone',
    ],
    ['no zone', 'name: f, from: 2026-11-27T00:00, to: 2026-11-28T00:00', 'zone: is missing'],
    [
      'a day that is none',
      'name: f, zone: UTC, from: 2026-02-30T00:00, to: 2026-03-02T00:00',
      'from: "2026-02-30T00:00" is not like',
    ],
    [
      'an end before its beginning',
      'name: f, zone: UTC, from: 2026-11-28T00:00, to: 2026-11-27T00:00',
      'to: is not after from',
    ],
    [
      'a day of the week that is none',
      'name: f, zone: UTC, days: [fry], from: "15:00", to: "24:00"',
      'days/0',
    ],
    ['no days at all', 'name: f, zone: UTC, days: [], from: "15:00", to: "24:00"', 'days'],
    [
      'a date where a time should be',
      `${week}, from: 2026-11-27T00:00, to: "24:00"`,
      'from: "2026-11-27T00:00" is not like 15:00',
    ],
    ['a time that is none', `${week}, from: "15:00", to: "24:30"`, 'to: "24:30" is not like 15:00'],
    ['nothing between', `${week}, from: "15:00", to: "15:00"`, 'to: is the same as from'],
    [
      'a day beginning at its end',
      `${week}, from: "24:00", to: "03:00"`,
      'from: "24:00" is 00:00 of the next day',
    ],
    [
      'two forms at once',
      `${week}, every: year, from: 12-23, to: 01-02`,
      'every: a window has days or every',
    ],
    [
      'no day of a year',
      'name: f, zone: UTC, every: year, from: 13-01, to: 01-02',
      'from: "13-01" is not like 12-23',
    ],
    ['another period', 'name: f, zone: UTC, every: month, from: 12-23, to: 01-02', 'every'],
    [
      'a misspelt key',
      `${week}, form: "15:00", from: "15:00", to: "16:00"`,
      'form: unknown key, did you mean "from"?',
    ],
  ])('are refused for %s, with file, line and path', async (_what, written, message) => {
    const line = await withLines('freezes:', `  - { ${written} }`);
    await expect(loadPlan(directory)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining(`freezes/0/${message}`),
      where: `${join(directory, 'release.yaml')}:${line + 1}`,
    });
  });

  it('have a name each', async () => {
    const one = `  - { ${week}, from: "15:00", to: "16:00" }`;
    const line = await withLines('freezes:', one, one);
    await expect(loadPlan(directory)).rejects.toMatchObject({
      message: expect.stringContaining('freezes/1/name: "f" is the name of another window'),
      where: `${join(directory, 'release.yaml')}:${line + 2}`,
    });
  });
});

describe('overrides and people of a plan', () => {
  it('are nobody when left out', async () => {
    const file = join(directory, 'release.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^(overrides|people): .*$/gm, ''));
    expect(await loadPlan(directory)).toMatchObject({
      overrides: { roles: [] },
      people: { tell: [], turn: true, overdue: true },
    });
  });

  it('tell in the shipped plan whom its rollback tells, so that they are configured already', async () => {
    const { people, rollback } = await loadPlan(directory);
    const told = rollback
      .flat()
      .flatMap(({ kind, params }) => (kind === 'notify' ? [params.audience] : []));
    expect(people.tell).toEqual(told);
  });
});
