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

const hasStep = (entry: JournalEntry, step: number) =>
  'step' in entry.data && entry.data.step === step;
const startsEffect = (key: string) => (entry: JournalEntry) =>
  entry.type === 'effect.started' && entry.data.key === key;

interface Kill {
  readonly at: string;
  /** As soon as this entry is seen. */
  readonly wanted: (entry: JournalEntry) => boolean;
  readonly timeScale: number;
}

/** Six writes, in the order of the plan; a canary needs its half minute. */
const kills: readonly Kill[] = [
  {
    at: 'step 1 ended',
    wanted: (entry) => entry.type === 'step.ended' && hasStep(entry, 1),
    timeScale: 240,
  },
  { at: 'a slot is to be started', wanted: startsEffect('4/start-slot/staging'), timeScale: 240 },
  {
    at: 'a word was asked for',
    wanted: (entry) => entry.type === 'approval.requested',
    timeScale: 240,
  },
  {
    at: 'the flag is to go to 5 %',
    wanted: startsEffect('6/set-cohort/production/5'),
    timeScale: 240,
  },
  {
    at: 'the canary is watched',
    wanted: (entry) => entry.type === 'watch.progress' && hasStep(entry, 7),
    timeScale: 60,
  },
  {
    at: 'the flag is at 100 %',
    wanted: (entry) =>
      entry.type === 'effect.done' && entry.data.key === '8/set-cohort/production/100',
    timeScale: 60,
  },
];

describe('a good release whose process is killed at six writes of its journal', () => {
  let id = '';
  let entries: readonly JournalEntry[] = [];
  beforeAll(async () => {
    await company.call(['stack', 'reset']);
    await company.settle('1.3.0');
    await company.shoppers({ production: 120, staging: 120 });
  });

  /** What a person does who finds the release dead: gives the word that it waits for, if it does. */
  async function findDead(last: JournalEntry): Promise<void> {
    if (last.type !== 'approval.requested') return;
    await company.call(['approve', id, '--step', '5', '--key', company.managersKey]);
    // Most customers come when there is something to see.
    await company.shoppers({ production: 520, staging: 120 });
  }

  const start = (timeScale: number) => {
    const what = id === '' ? ['release', '1.4.0'] : ['resume', id];
    const how = ['--time-scale', String(timeScale), '--approval-wait', '60 s'];
    return company.start([...what, ...how, '--actor', 'Alex W.']);
  };

  /** Which process answers in which slot, once it is ready: it must be the same ever after. */
  const processes = new Map<string, number | null>();
  async function expectSameProcesses(): Promise<void> {
    for (const { environment, slot, state, build, pid } of await listSlots(company)) {
      const name = `${environment}/${slot} ${build}`;
      if (state !== 'ready') continue;
      expect(pid, name).toBe(processes.get(name) ?? pid);
      processes.set(name, pid);
    }
  }

  it('is resumed each time, ends well, and deploys nothing twice; its slots live on', async () => {
    const before = await company.releases();
    let seen = 0;
    for (const { at, wanted, timeScale } of kills) {
      const running = start(timeScale);
      const isNew = (entry: JournalEntry) => entry.seq > seen && wanted(entry);
      const last: JournalEntry = await company.awaitEntry(
        before,
        isNew,
        AbortSignal.timeout(90_000),
      );
      running.child.kill('SIGKILL');
      expect((await running.ended).signal, at).toBe('SIGKILL');
      id = last.release;
      seen = last.seq;
      await findDead(last);
      await expectSameProcesses();
    }
    expect(processes.size).toBe(4);
    const status = JSON.parse((await company.call(['status', id, '--json'])).stdout);
    expect(status).toMatchObject({ status: 'running', alive: false });

    const resumed = await start(60).ended;
    expect(resumed.stdout).toContain('released');
    expect(resumed.code).toBe(0);
    entries = await company.journal(id);
    expect(entries.filter(({ type }) => type === 'release.resumed')).toHaveLength(kills.length);
    const applied = appliedIn(entries);
    expect(new Set(applied).size).toBe(applied.length);
    await expectSameProcesses();
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
