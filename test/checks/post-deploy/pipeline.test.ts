import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../../src/checks/checklist.ts';
import { postDeploySchema } from '../../../src/checks/post-deploy/list.ts';
import { eventPipeline, fillPipeline } from '../../../src/checks/post-deploy/pipeline.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';

const match = {
  event: 'aurora_products_shown',
  timestamp: { $gt: '$$DEPLOY', $lte: '$$NOW' },
  environment: '$$ENVIRONMENT',
  build: '$$BUILD',
};
const good = [{ $match: match }, { $count: 'answer' }];
const values = { deploy: new Date(1), now: new Date(2), environment: 'prod', build: 'digest' };

function problems(pipeline: unknown): readonly string[] {
  const parsed = eventPipeline.safeParse(pipeline);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

describe('a pipeline in the checklist', () => {
  it('is taken when it reads and uses every placeholder', () => {
    expect(problems(good)).toEqual([]);
  });

  it.each([
    '$out',
    '$merge',
    '$lookup',
    '$unionWith',
    '$graphLookup',
    '$changeStream',
    '$facet',
  ])('is refused with the stage %s: it only reads events', (stage) => {
    expect(problems([...good, { [stage]: {} }])).toEqual([
      `the stage ${stage} is not allowed: a query only reads events`,
    ]);
  });

  it.each(['$function', '$accumulator', '$where'])('is refused with %s, however deep', (name) => {
    const stage = {
      $group: { _id: null, x: { $sum: { $cond: [{ [name]: { body: '' } }, 1, 0] } } },
    };
    expect(problems([...good, stage])).toEqual([`${name} runs code and is not allowed`]);
  });

  it('is refused with a placeholder that nobody fills, or as a name', () => {
    expect(problems([...good, { $match: { at: '$$DEPLOI' } }])[0]).toContain(
      '$$DEPLOI is not known',
    );
    expect(problems([...good, { $project: { x: '$$ROOT' } }])[0]).toContain('$$ROOT is not known');
    expect(problems([...good, { $match: { $$NOW: 1 } }])).toEqual([
      '$$NOW cannot stand for a name',
    ]);
  });

  it.each([
    'event',
    'timestamp',
    'environment',
    'build',
  ])('may leave out of its condition only what is its own: %s', (key) => {
    const { [key]: _, ...rest } = match as Record<string, unknown>;
    const needed: Record<string, string[]> = {
      event: [],
      timestamp: ['$$DEPLOY must be used', '$$NOW must be used'],
      environment: ['$$ENVIRONMENT must be used'],
      build: ['$$BUILD must be used'],
    };
    expect(problems([{ $match: rest }])).toEqual(needed[key]);
  });

  it('has the build as a plain condition, which a baseline can do without', () => {
    const wrapped = { ...match, build: { $eq: '$$BUILD' } };
    expect(problems([{ $match: wrapped }])).toEqual(['write `build: $$BUILD`, nothing around it']);
  });

  it('has one name a stage, and at least one stage', () => {
    expect(problems([{ ...good[0], $count: 'x' }])).toEqual(['stage 1 must have exactly one name']);
    expect(problems([])).not.toEqual([]);
    expect(problems(['$match'])).not.toEqual([]);
  });
});

describe('a list with a pipeline that must not run', () => {
  it('is PLAN_INVALID with line and path as soon as it is read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aurora-list-'));
    const shipped = await readFile(join(shippedChecklists(), 'post-deploy.yaml'), 'utf8');
    const altered = shipped.replace('- $count: answer', '- $out: stolen');
    expect(altered).not.toBe(shipped);
    await writeFile(join(directory, 'post-deploy.yaml'), altered);
    const line = altered.split('\n').findIndex((text) => text.includes('pipeline:')) + 1;
    const read = readChecklist(directory, 'post-deploy.yaml', postDeploySchema);
    await expect(read).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining('the stage $out is not allowed'),
      where: expect.stringMatching(new RegExp(`post-deploy\\.yaml:(${line}|${line + 1})$`)),
    });
    await rm(directory, { recursive: true });
  });
});

describe('a filled pipeline', () => {
  it('has typed values, and leaves the list as it was', () => {
    const before = structuredClone(good);
    expect(fillPipeline(good, values)).toEqual([
      {
        $match: {
          event: 'aurora_products_shown',
          timestamp: { $gt: new Date(1), $lte: new Date(2) },
          environment: 'prod',
          build: 'digest',
        },
      },
      { $count: 'answer' },
    ]);
    expect(good).toEqual(before);
  });

  it('has no condition on the build when any counts', () => {
    const [first] = fillPipeline(good, { ...values, build: null });
    expect(first?.$match).not.toHaveProperty('build');
    expect(first?.$match).toHaveProperty('environment', 'prod');
  });

  it('fills in lists too, as in an expression', () => {
    const expression = [{ $match: { $expr: { $gt: ['$timestamp', '$$DEPLOY'] } } }];
    expect(fillPipeline(expression, values)).toEqual([
      { $match: { $expr: { $gt: ['$timestamp', new Date(1)] } } },
    ]);
  });
});
