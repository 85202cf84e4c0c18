import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { outputSchema } from '../../src/docs/output-schema.ts';
import { releaseDocument } from '../../src/report/json.ts';
import { contents } from '../../src/report/schema/documents.ts';
import { asDocument } from './documents.ts';
import { plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const published = JSON.parse(outputSchema());
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const isValid = ajv.compile(published);

/** A hold that was skipped under an override, and what else no other journey has. */
function setAside() {
  const person = { by: 'rita.m@aurora.example', role: 'Release Manager', signed: true };
  const words = { statement: '{}', signature: 'x', key: { fingerprint: 'SHA256:a', text: 'k' } };
  const freeze = { subject: 'freeze', about: 'Black Week', reason: 'hotfix' } as const;
  return journeys
    .heldJourney()
    .add('release.resumed', { from: 7 })
    .add('override.given', { ...freeze, ...person, ...words })
    .add('step.skipped', { step: 7, reason: 'seen by hand', ...person })
    .add('release.failed', { step: 7, error: { code: 'STORE_FAILED', message: 'full' } });
}

function rejected() {
  const by = { by: 'Omar V.', name: 'Omar V.', role: 'Product Manager', reason: 'cut off' };
  const unsigned = { statement: '{}', signature: null, key: null };
  return journeys.waitingJourney().add('approval.rejected', { step: 5, ...by, ...unsigned });
}

const stories = {
  released: journeys.releasedJourney(),
  noGo: journeys.noGoJourney(),
  waiting: journeys.waitingJourney(),
  held: journeys.heldJourney(),
  canary: journeys.canaryJourney(),
  rolledBack: journeys.rolledBackJourney(),
  rollbackIncomplete: journeys.rolledBackJourney(true),
  begun: journeys.emptyJourney(),
  flagsOnly: journeys.flagsOnlyJourney(),
  setAside: setAside(),
  rejected: rejected(),
};

const told = Object.entries(stories).map(([name, { state }]) => {
  const document = JSON.parse(JSON.stringify(releaseDocument(state, plan)));
  return [name, document as Record<string, unknown>] as const;
});

/** Every string that the sources hand to `output.document`, without those that are typed wishes. */
async function kindsInSource(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const directory of ['src/app', 'src/app/verbs', 'src/stack']) {
    for (const name of await readdir(join(packageRoot(), directory))) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(join(packageRoot(), directory, name), 'utf8');
      for (const [, kind = ''] of text.matchAll(/\.document(?:Line)?\(\s*'([a-z-]+)'/g))
        found.push(kind);
    }
  }
  return found;
}

describe('the schema of the JSON documents', () => {
  it.each(told)('holds for %s', (_, document) => {
    expect(asDocument(document)).toBe(document);
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  });

  it('refuses a field that it does not know, wherever it stands, in our own tests only', () => {
    const [, document = {}] = told[0] ?? [];
    const { next, steps } = document as { next: object; steps: object[] };
    const strangers = [
      { ...document, stranger: 1 },
      { ...document, next: { ...next, stranger: 1 } },
      { ...document, steps: steps.map((step) => ({ ...step, stranger: 1 })) },
    ];
    for (const stranger of strangers) {
      expect(() => asDocument(stranger)).toThrow('stranger');
      expect(isValid(stranger)).toBe(true);
    }
  });

  it('refuses a document that lacks a field, has another version or is of no known kind', () => {
    const [, document = {}] = told[0] ?? [];
    const { next: _, ...lacking } = document;
    for (const wrong of [lacking, { ...document, aurora: 2 }, { ...document, kind: 'surprise' }]) {
      expect(() => asDocument(wrong)).toThrow();
      expect(isValid(wrong)).toBe(false);
    }
  });

  it('has a definition for each kind, and each is one that some verb prints', async () => {
    const kinds = Object.keys(contents);
    for (const kind of kinds) expect(Object.keys(published.$defs)).toContain(kind);
    const printed = await kindsInSource();
    expect(printed.length).toBeGreaterThan(20);
    // The one wish that a verb has is its kind.
    expect([...new Set([...printed, 'pause', 'abort'])].sort()).toEqual(kinds.sort());
  });

  it('names every part that it refers to', () => {
    const names = Object.keys(published.$defs);
    const refs = [...outputSchema().matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name);
    expect(refs.length).toBeGreaterThan(names.length);
    for (const ref of refs) expect(names).toContain(ref);
  });
});
