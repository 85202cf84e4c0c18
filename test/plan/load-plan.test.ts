import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { loadPlan } from '../../src/plan/load-plan.ts';
import { checkPlanKinds } from '../../src/release/check-plan.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-plan-'));
  await cp(shippedChecklists(), directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Replaces one text of a checklist; answers the line where the new one begins. */
async function edit(from: string, to: string, file = 'release.yaml'): Promise<number> {
  const path = join(directory, file);
  const text = await readFile(path, 'utf8');
  const at = text.indexOf(from);
  if (at === -1) throw new Error(`${file} holds no ${from}`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  return text.slice(0, at).split('\n').length;
}

async function load() {
  const plan = await loadPlan(directory);
  await checkPlanKinds(plan);
  return plan;
}

/** One step, to replace the nine with. */
const small = (moves: string, head = 'step: 1\n    id: one') => `title: T
version: 1.0.0
date: "2025-10-10"
flags: { canary: A, all: [A], environment: production }
steps:
  - ${head}
    title: One
    owner: { role: DevOps }
    duration: 1 min
    description: d
    criterion: c
    do:
${moves}
    verdicts: { fail: no-go, inconclusive: no-go, error: no-go }
`;

describe('a plan that is not understood', () => {
  it.each([
    [
      'an unknown key',
      'criterion: "**No-Go** if any fail."',
      'criterium: x',
      'steps/2/criterium: unknown key, did you mean "criterion"',
    ],
    ['a missing key', '    title: Pre-flight\n', '', 'steps/1/title: is missing'],
    [
      'a duration that is none',
      'duration: 5 min',
      'duration: soon',
      'steps/7/duration: "soon" is no duration',
    ],
    ['a verdict that is none', 'fail: hold,', 'fail: maybe,', 'steps/7/verdicts/fail'],
    ['a wrong number', 'step: 3\n', 'step: 4\n', 'steps/2/step: is numbered 4, not 3'],
    [
      'an id that is taken',
      'id: smoke',
      'id: pre-flight',
      'steps/2/id: "pre-flight" is the id of another step',
    ],
    ['an unknown check', '- check: links', '- check: link', 'steps/4/do/0: "link" is not known'],
    [
      'an unknown effect',
      '- effect: promote',
      '- effect: demote',
      'steps/8/do/1: "demote" is not known',
    ],
    ['an unknown parameter', 'percent: 5 }', 'percent: 5, sticky: true }', 'steps/5/do/3/with'],
    ['a parameter out of bounds', 'percent: 5 }', 'percent: 500 }', 'steps/5/do/3/with: percent'],
  ])('is refused for %s, with file, line and path', async (_what, from, to, message) => {
    const line = await edit(from, to);
    const error = await load().catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining(message),
    });
    const [, at = ''] = /release\.yaml:(\d+)$/.exec((error as { where: string }).where) ?? [];
    // The line of the deepest part of the path that is there.
    expect(Math.abs(Number(at) - line)).toBeLessThanOrEqual(5);
  });

  it('is refused for an effect that the rollback cannot know, in its own file', async () => {
    await edit('effect: purge-cdn', 'effect: purge', 'rollback.yaml');
    await expect(load()).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining('phases/2/do/1: "purge" is not known'),
      where: expect.stringMatching(/rollback\.yaml:\d+$/),
    });
  });

  it.each([
    [
      'a step that only acts',
      '      - effect: start-slot\n        with: { environment: staging }',
      'steps/0/do: has no check and no approval',
    ],
    ['a step without moves', '      []', 'steps/0/do'],
    [
      'a step that asks two people',
      Array.from({ length: 2 }, () => '      - approval: { role: PM, expires: 1 h }').join('\n'),
      'steps/0/do/1: a step asks for one word only',
    ],
  ])('is refused for %s: no checks are never a go', async (_what, moves, message) => {
    await writeFile(join(directory, 'release.yaml'), small(moves));
    await expect(load()).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('may be as small as one step with one check', async () => {
    await writeFile(
      join(directory, 'release.yaml'),
      small('      - check: links\n        with: { environment: staging }'),
    );
    expect((await load()).steps).toHaveLength(1);
  });

  it.each(['release.yaml', 'rollback.yaml'])('is refused without %s', async (file) => {
    await rm(join(directory, file));
    await expect(load()).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      where: join(directory, file),
    });
  });

  it('is refused when its directory is not there, or its text is no YAML', async () => {
    await expect(loadPlan(join(directory, 'nowhere'))).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      where: join(directory, 'nowhere'),
    });
    await writeFile(join(directory, 'release.yaml'), 'title: [');
    await expect(load()).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining('not YAML'),
    });
  });
});

describe('the digest of a plan', () => {
  it('is the same for the same checklists, wherever they lie', async () => {
    expect((await loadPlan(directory)).digest).toBe((await loadPlan(shippedChecklists())).digest);
  });

  it('changes with every single checklist, be it by a comment', async () => {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThanOrEqual(7);
    const seen = new Set([(await loadPlan(directory)).digest]);
    for (const name of names) {
      await appendFile(join(directory, name), '# one more remark\n');
      seen.add((await loadPlan(directory)).digest);
    }
    expect(seen.size).toBe(names.length + 1);
  });

  it('changes when a checklist comes, goes or takes another name', async () => {
    const seen = new Set([(await loadPlan(directory)).digest]);
    await cp(join(directory, 'slo.yaml'), join(directory, 'slo-2.yaml'));
    seen.add((await loadPlan(directory)).digest);
    await rm(join(directory, 'slo.yaml'));
    seen.add((await loadPlan(directory)).digest);
    expect(seen.size).toBe(3);
  });

  it('does not mind files beside that are no checklists', async () => {
    const before = (await loadPlan(directory)).digest;
    await writeFile(join(directory, 'README.md'), 'x');
    expect((await loadPlan(directory)).digest).toBe(before);
  });
});
