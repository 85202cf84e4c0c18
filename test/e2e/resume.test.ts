import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import type { JournalEntry } from '../../src/release/events.ts';
import { foldJournal } from '../../src/release/state.ts';
import { plannedVariables } from './facts.ts';
import { listSlots } from './outside.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));

const appliedIn = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) =>
    entry.type === 'effect.done' && !entry.data.already ? [entry.data.key] : [],
  );

describe('a good release whose process is killed in the middle of the canary', () => {
  let id = '';
  let entries: readonly JournalEntry[] = [];
  beforeAll(async () => {
    await company.call(['stack', 'reset']);
    await company.settle('1.3.0');
    await company.shoppers({ production: 120, staging: 120 });
  });

  it('is resumed, ends well, and deploys nothing twice; its slots live on', async () => {
    const begun = await company.release('1.4.0', {
      timeScale: 240,
      words: ['--until', '6'],
      rush: { production: 520, staging: 120 },
    });
    expect(begun.code).toBe(0);
    id = begun.id ?? '';
    const first = company.start(['resume', id, '--time-scale', '60', '--actor', 'Alex W.']);
    const watched = (entry: JournalEntry) =>
      entry.type === 'watch.progress' && entry.data.step === 7;
    await company.awaitEntry([] as string[], watched);
    first.child.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    const slots = await listSlots(company);
    expect(slots.filter((slot) => slot.state === 'ready')).toHaveLength(4);

    const status = JSON.parse((await company.call(['status', id, '--json'])).stdout);
    expect(status).toMatchObject({ status: 'running', alive: false });

    const resumed = await company.start(['resume', id, '--time-scale', '60', '--actor', 'Alex W.'])
      .ended;
    expect(resumed.stdout).toContain('released');
    expect(resumed.code).toBe(0);
    entries = await company.journal(id);
    const applied = appliedIn(entries);
    expect(new Set(applied).size).toBe(applied.length);
    const pids = (all: typeof slots) =>
      all.map((slot) => `${slot.environment}/${slot.slot} ${slot.pid}`);
    expect(pids(await listSlots(company))).toEqual(pids(slots));
    expect(foldJournal(id, entries).outcome).toBe('released');
  });

  it('leaves a ticket with everything that people ask for', async () => {
    const ticket = await readFile(join(company.state, 'releases', id, 'ticket.md'), 'utf8');
    for (const [variable, staging, production] of plannedVariables) {
      expect(ticket).toContain(variable);
      if (staging !== undefined) expect(ticket).toContain(staging);
      if (production !== undefined) expect(ticket).toContain(production);
    }
    const state = foldJournal(id, entries);
    const checks = [...state.steps.values()].flatMap((step) => step.checks);
    expect(checks.length).toBeGreaterThan(80);
    for (const requestId of checks.flatMap((check) => check.requestIds ?? []))
      expect(ticket).toContain(requestId);
    for (const owner of ['Alex W.', 'Maya T.', 'Jamie P.', 'Omar V.', 'Leo M.', 'Ops On-call'])
      expect(ticket).toContain(owner);
    expect(ticket).toContain('30 min (30 s, x60)');
    expect(ticket).toMatch(/Approved by Omar V\. .* signed with `SHA256:/);
    expect(ticket).toContain(state.build?.digest);
    for (const check of checks.filter((one) => one.id.startsWith('canary/')))
      expect(ticket).toContain(check.title);
    const notes = await readFile(join(company.state, 'releases', id, 'release-notes.md'), 'utf8');
    expect(notes).toContain('Capsule conversion');
  });

  it('refuses to begin anything with a build in which one byte is not what was packed', async () => {
    const { stdout } = await company.call(['build', 'list', '--json']);
    const build = JSON.parse(stdout).builds.find(
      (one: { version: string }) => one.version === '1.4.0-crash',
    );
    const file = join(build.directory, 'server.mjs');
    const bytes = await readFile(file);
    const releases = await company.releases();
    try {
      const changed = Buffer.from(bytes);
      changed[1_000] = (changed[1_000] ?? 0) ^ 1;
      await writeFile(file, changed);
      const refused = await company.start(['release', '1.4.0-crash', '--time-scale', '60']).ended;
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/BUILD_ALTERED: server\.mjs/);
      expect(await company.releases()).toEqual(releases);
    } finally {
      await writeFile(file, bytes);
    }
  });
});
