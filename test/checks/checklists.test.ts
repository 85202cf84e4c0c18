import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checklistName } from '../../src/checks/checklist.ts';
import { readEnvironmentsList } from '../../src/checks/environments-list.ts';
import { readPreFlightList } from '../../src/checks/pre-flight-list.ts';
import { probingChecks } from '../../src/checks/probing-checks.ts';
import { readSmokeList } from '../../src/checks/smoke/list.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-checklists-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Writes a shipped checklist with one text changed. */
async function change(name: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(shippedChecklists(), name), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(directory, name), text.replace(from, to));
}

describe('the shipped checklists', () => {
  it('hold what the plan lists before and during the smoke', async () => {
    const list = await readPreFlightList(shippedChecklists());
    expect(list.secrets).toEqual([
      'CONCIERGE_API_KEY',
      'CONCIERGE_BUCKET_ACCESS_KEY_ID',
      'CONCIERGE_BUCKET_SECRET_ACCESS_KEY',
    ]);
    expect(list.indexes.map(({ collection, field }) => `${collection}.${field}`)).toEqual([
      'widgetShortlists.sessionId',
      'capsuleHolds.expiresAt',
      'csatFeedback.sessionId',
    ]);
    expect(list.stubs.map(({ variable, mustBe }) => `${variable}=${mustBe}`)).toEqual([
      'AURORA_FAKE_MODE=false',
      'AURORA_USE_STUBS=false',
    ]);
    const { interactions, eventWithin } = await readSmokeList(shippedChecklists());
    expect(interactions.map(({ title }) => title)).toEqual([
      'Find Product',
      'Track Order',
      'Returns',
      'Capsule',
      'Stylist',
      'CSAT',
    ]);
    expect(eventWithin).toBe(5_000);
  });
});

describe('a checklist', () => {
  it('with an unknown key is refused by line, path and the key that was meant', async () => {
    await change('smoke.yaml', '    inOrder: true', '    inorder: true');
    await expect(readSmokeList(directory)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: 'interactions/4/inorder: unknown key, did you mean "inOrder"?',
      where: expect.stringMatching(/smoke\.yaml:\d+$/),
    });
  });

  it('with half an expectation is refused', async () => {
    await change(
      'environments.yaml',
      '    production: https://api.glowglitch.com/api/concierge/capsule\n',
      '',
    );
    await expect(readEnvironmentsList(directory)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: expect.stringContaining('variables/CONCIERGE_CAPSULE_ENDPOINT/production'),
    });
  });

  it('whose false lost its quotes is refused: texts are compared, not booleans', async () => {
    await change('pre-flight.yaml', 'mustBe: "false"', 'mustBe: false');
    await expect(readPreFlightList(directory)).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      message: 'stubs/0/mustBe: invalid input: expected string, received boolean',
    });
  });

  it('that is missing is refused by its path', async () => {
    await expect(readSmokeList(directory, 'nothing.yaml')).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      where: join(directory, 'nothing.yaml'),
    });
  });

  it.each([
    '../secret.yaml',
    '/etc/passwd',
    'a/b.yaml',
    '.hidden.yaml',
    'smoke.json',
  ])('cannot be called %s', (name) => {
    expect(checklistName.safeParse(name).success).toBe(false);
  });
});

describe('the kinds of checks that look once', () => {
  it('have a word each, refuse unknown parameters, and describe themselves', () => {
    const kinds = probingChecks.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    const params: Readonly<Record<string, object>> = {
      'environment-matrix': {},
      secrets: {},
      indexes: {},
      'stubs-off': { of: 'slot', environment: 'staging' },
      smoke: { environment: 'staging', target: 'candidate-slot' },
      'flag-state': { environment: 'production', flag: 'F', candidatePercent: 5 },
      'answers-build': { environment: 'production', percent: 5 },
      links: { environment: 'staging', screens: 'auto' },
      screens: { environment: 'staging' },
    };
    for (const check of probingChecks) {
      const given = { ...params[check.kind] };
      expect(check.validate(given)).toBeNull();
      expect(check.describe(given).length).toBeGreaterThan(10);
      expect(check.validate({ ...given, nonsense: 1 })).toContain('nonsense');
    }
  });
});
