import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import { foldJournal } from '../../src/release/state.ts';
import { renamed } from './company.ts';
import { visit } from './outside.ts';
import { planAt } from './watching.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));

/** Four times as fast as the quickstart, with more customers on staging for the shorter log window. */
const quick = { timeScale: 240, rush: { production: 520, staging: 120 } };
const customers = { production: 120, staging: 120 };

async function fresh(): Promise<void> {
  await company.call(['stack', 'reset']);
  await company.settle('1.3.0');
  await company.shoppers(customers);
}

afterEach(() => company.quiet());

async function stateOf(id: string) {
  return foldJournal(id, await company.journal(id));
}

/** Runs a release and tells the step that it ended at. */
async function release(version: string, options: object = quick) {
  const result = await company.release(version, options);
  const state = await stateOf(result.id ?? '');
  return { ...result, state, step: state.current };
}

/** Which builds answer staging's customers now. */
async function serving(environment: 'staging' | 'production'): Promise<readonly string[]> {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => visit(company, '/api/health', { environment })),
  );
  return [...new Set(answers.map((answer) => `${answer.status} ${answer.build}`))];
}

describe('a release that goes wrong before production', () => {
  beforeAll(fresh);

  it.each([
    ['env-mismatch', 1],
    ['missing-index', 2],
    ['vault-sealed', 2],
  ] as const)('ends at its step with exit 3: fault %s', async (fault, step) => {
    await company.call(['stack', 'fault', fault]);
    try {
      const ended = await release('1.4.0');
      expect([ended.step, ended.code]).toEqual([step, 3]);
      expect(ended.state.outcome).toBe('no-go');
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
  });

  it.each([
    ['1.4.0-crash'],
    ['1.4.0-stubs'],
    ['1.4.0-smoke-gap'],
    [renamed['smoke-gap']],
    ['1.4.0-staging-5xx'],
  ])('ends at step 4 with exit 3 and staging as before: build %s', async (version) => {
    const before = await serving('staging');
    const ended = await release(version);
    expect([ended.step, ended.code]).toEqual([4, 3]);
    expect(await serving('staging')).toEqual(before);
  });

  it('ends at step 5 with exit 3 when the product manager says no', async () => {
    const ended = await release('1.4.0', { ...quick, reject: true });
    expect([ended.step, ended.code]).toEqual([5, 3]);
    expect(ended.state.steps.get(5)?.rejection).toMatchObject({
      name: 'Omar V.',
      key: { fingerprint: expect.stringMatching(/^SHA256:/) },
    });
  });

  it('ends at step 6 with exit 3 and production as before: fault prod-start-fails', async () => {
    await company.call(['stack', 'fault', 'prod-start-fails']);
    try {
      const ended = await release('1.4.0');
      expect([ended.step, ended.code]).toEqual([6, 3]);
      expect(await serving('production')).toEqual([`200 ${ended.state.facts.stable}`]);
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
  });
});

async function rolledBackForCapsules(id: string): Promise<void> {
  const state = await stateOf(id);
  expect([state.current, state.outcome]).toEqual([9, 'rolled-back']);
  expect(state.ended?.reason).toContain('Capsule conversion');
  expect(state.rollback?.ended).toMatchObject({ complete: true, customersSafe: true });
}

describe('a release that goes wrong in production', () => {
  // Each of these but the last ends with the stable build in front of everybody: the next begins there.
  beforeAll(fresh);
  beforeEach(() => company.shoppers(customers));

  // The more seldom what gives a build away, the longer the canary that finds it.
  it.each([
    ['1.4.0-canary-errors', 7, 240],
    [renamed.unhappy, 7, 120],
  ] as const)('is rolled back with exit 5: build %s at step %i', async (version, step, timeScale) => {
    const ended = await release(version, { ...quick, timeScale });
    expect([ended.step, ended.code]).toEqual([step, 5]);
    expect(ended.state.outcome).toBe('rolled-back');
    expect(ended.state.rollback?.ended).toMatchObject({
      complete: true,
      customersSafe: true,
      failed: [],
    });
  });

  it('is rolled back with exit 5 when the capsules drop: build kpi-drop at step 9', async () => {
    const { config } = company;
    company.config = await planAt(company, 25);
    try {
      const begun = await release('1.4.0-kpi-drop', { ...quick, words: ['--until', '8'] });
      expect([begun.step, begun.code], begun.stdout).toEqual([8, 0]);
      // Step 9 needs its customers: three thousand who were shown something.
      const resumed = await company.start(['resume', '--time-scale', '60', '--actor', 'Alex W.'])
        .ended;
      expect(resumed.code).toBe(5);
      await rolledBackForCapsules(begun.id ?? '');
    } finally {
      company.config = config;
    }
  });

  it('holds with exit 4 when nobody comes: fault no-traffic', async () => {
    const begun = await release('1.4.0', { ...quick, words: ['--until', '6'] });
    expect([begun.step, begun.code]).toEqual([6, 0]);
    await company.call(['stack', 'fault', 'no-traffic']);
    try {
      const resumed = await company.start(['resume', '--time-scale', '600']).ended;
      expect(resumed.code).toBe(4);
      const state = await stateOf(begun.id ?? '');
      expect([state.current, state.hold?.waitsFor]).toEqual([7, 'evidence']);
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
  });
});
