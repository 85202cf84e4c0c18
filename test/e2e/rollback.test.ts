import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import type { JournalEntry } from '../../src/release/events.ts';
import { foldJournal } from '../../src/release/state.ts';
import { cachedSessions, flagsOn, listSlots, received, visit } from './outside.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));
const customers = { production: 120, staging: 120 };
const allFlags = ['AURORA_RETURNS_ENABLED', 'AURORA_TIMELINE_ENABLED', 'AURORA_WIDGET_ENABLED'];

/** Owners hear of their steps over the same channel. */
function isRollbackMessage({
  kind,
  body,
}: {
  readonly kind: string;
  readonly body: unknown;
}): boolean {
  return kind === 'slack' && JSON.stringify(body).includes('is being rolled back');
}

interface Canary {
  readonly id: string;
  readonly candidate: string;
  readonly stable: string;
  /** Path of the candidate's widget bundle, warm in the CDN. */
  readonly bundle: string;
  readonly running: Promise<{ readonly code: number; readonly stderr: string }>;
}

/** A release in the middle of its canary, with sessions in the cache and a bundle in the CDN. */
async function inCanary(): Promise<Canary> {
  const before = await company.releases();
  const running = company.release('1.4.0', {
    timeScale: 240,
    rush: { production: 520, staging: 120 },
  });
  const watched = (entry: JournalEntry) =>
    entry.type === 'watch.progress' &&
    entry.data.step === 7 &&
    Number(entry.data.data?.requests ?? 0) > 0;
  const { release: id } = await company.awaitEntry(before, watched);
  const state = foldJournal(id, await company.journal(id));
  const build = join(company.state, 'builds', state.facts.candidate, 'manifest.json');
  const manifest = JSON.parse(await readFile(build, 'utf8'));
  const bundle = `/widget/${manifest.files['widget.js']}.js`;
  await visit(company, bundle);
  expect((await visit(company, bundle)).cache).toBe('HIT');
  await company.shoppers({ production: 0, staging: 0 });
  expect(await cachedSessions(company)).toBeGreaterThan(100);
  expect(await flagsOn(company)).toEqual(allFlags);
  return {
    id,
    candidate: state.facts.candidate,
    stable: state.facts.stable ?? '',
    bundle,
    running,
  };
}

/** Nobody meets the candidate: seen from outside, twenty times. */
async function expectCustomersSafe({ stable }: Canary): Promise<void> {
  expect(await flagsOn(company)).toEqual([]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => visit(company, '/api/health')),
  );
  expect(answers.map((answer) => [answer.status, answer.build])).toEqual(
    answers.map(() => [200, stable]),
  );
  const pointer = await visit(company, '/widget.js');
  expect(pointer.widget).toBe('hidden');
  expect(pointer.text).not.toMatch(/\/widget\/[0-9a-f]{64}\.js/);
}

const rollback = (...words: string[]) =>
  company.start(['rollback', '--reason', 'errors since 02:10', '--actor', 'On-call', ...words])
    .ended;

describe('rollback, looked at by clients of our own', () => {
  beforeEach(async () => {
    await company.call(['stack', 'reset']);
    await company.settle('1.3.0');
    await company.shoppers(customers);
  });

  afterEach(() => company.quiet());

  it('brings everything back while the release is still alive, which can do nothing more', async () => {
    const canary = await inCanary();
    const dry = await rollback('--dry-run');
    expect([dry.code, await flagsOn(company)]).toEqual([0, allFlags]);

    // Only the flags first: nobody sees the widget, nobody meets the candidate, the rest is untouched.
    const flags = await rollback('--only', 'flags');
    expect(flags.code).toBe(0);
    await expectCustomersSafe(canary);
    expect(await cachedSessions(company)).toBeGreaterThan(100);

    const result = await rollback();
    expect(result.code).toBe(0);
    await expectCustomersSafe(canary);
    expect(await cachedSessions(company)).toBeLessThan(50);
    const forgotten = await visit(company, canary.bundle);
    expect([forgotten.status, forgotten.cache === 'HIT']).toEqual([404, false]);
    const slots = await listSlots(company);
    expect(
      slots
        .filter((slot) => slot.environment === 'production' && slot.state === 'ready')
        .map((slot) => slot.build),
    ).toEqual([canary.stable]);
    const messages = await received(company);
    const chat = messages.find(isRollbackMessage);
    expect(JSON.stringify(chat?.body)).toContain('errors since 02:10');
    const silence = messages.find((message) => message.kind === 'silence');
    expect(JSON.stringify(silence?.body)).toMatch(/"endsAt":"20/);
    const note = await readFile(join(company.state, 'releases', canary.id, 'incident.md'), 'utf8');
    expect(note).toContain('errors since 02:10');
    const overtaken = await canary.running;
    expect(overtaken.code).toBe(7);
    expect(overtaken.stderr).toContain('LEASE_LOST');

    const restored = await company.start(['flag', 'restore', canary.id]).ended;
    expect(restored.code).toBe(0);
    expect(await flagsOn(company)).toEqual(allFlags);
    await vi.waitFor(
      async () => expect((await visit(company, '/widget.js')).widget).toBe('shown'),
      { timeout: 10_000, interval: 200 },
    );
    const shown = await Promise.all(
      Array.from({ length: 20 }, () => visit(company, '/api/health')),
    );
    expect(new Set(shown.map((answer) => answer.build))).toEqual(new Set([canary.stable]));
  });

  it('goes as far as it can with vault, database and session cache dead, and says what is left', async () => {
    const canary = await inCanary();
    for (const fault of ['vault-dead', 'database-dead', 'redis-dead']) {
      await company.call(['stack', 'fault', fault]);
    }
    const result = await rollback();
    expect(result.code).toBe(6);
    expect(result.stdout + result.stderr).toMatch(/clear the widget session cache of production/);
    await expectCustomersSafe(canary);
    const state = foldJournal(canary.id, await company.journal(canary.id));
    expect(state.outcome).toBe('rollback-incomplete');
    expect(state.rollback?.ended).toMatchObject({ customersSafe: true });
    expect(state.rollback?.ended?.failed).toHaveLength(1);
    expect((await received(company)).some(isRollbackMessage)).toBe(true);
    await canary.running;

    // Once it is back, the same command finishes the work.
    await company.call(['stack', 'fault', 'clear']);
    expect((await rollback()).code).toBe(0);
  });
});
