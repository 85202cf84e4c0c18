import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { rememberSecret } from '../../src/base/redact.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { planDigest } from '../../src/plan/load-plan.ts';
import { sha256 } from '../../src/proof/digest.ts';
import { approverLine } from '../../src/proof/ssh/allowed-signers.ts';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import type { ApprovalBinding } from '../../src/release/events.ts';
import { FileStore } from '../../src/release/file-store.ts';
import { evidenceDigest } from '../../src/release/gate.ts';
import { encodeEntry } from '../../src/release/journal.ts';
import { evidenceBefore } from '../../src/release/standing.ts';
import { foldJournal } from '../../src/release/state.ts';
import { parseApproval } from '../../src/release/statement.ts';
import { type KeyHolder, keyHolder, omar, rita, sam } from '../release/people.ts';
import { Desk } from './support.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await new Desk().open();
  // Nobody's own key: what is in the home directory would be found.
  desk.variables.HOME = desk.directory;
});
afterEach(() => desk.close());

const id = '20250101-000000-1.4.0-aaaa';
const build = { name: 'concierge', version: '1.4.0', digest: 'b'.repeat(64) };
const key = (who: KeyHolder) => desk.path('keys', who.id);
const eve = keyHolder('eve@elsewhere.example', 'Eve', 'product-manager');

async function writeApprovers(...people: readonly KeyHolder[]): Promise<void> {
  const lines = people.map((who) => approverLine({ ...who, key: who.key.publicKey }));
  await writeFile(desk.path('approvers'), `${lines.join('\n')}\n`);
}

interface Case {
  readonly starter?: string;
  /** Milliseconds from now. */
  readonly expiresIn?: number;
  readonly change?: Partial<ApprovalBinding>;
}

/** A release that waits for Omar in step 5 of the shipped plan, with keys and approvers there. */
async function waiting({ starter = 'Alex W.', expiresIn = 60_000, change = {} }: Case = {}) {
  await desk.configured();
  await appendFile(desk.path('aurora.config.yaml'), '\napprovers: ./approvers\n');
  await writeApprovers(omar, sam, rita);
  await mkdir(desk.path('keys'));
  for (const who of [omar, sam, rita, eve])
    await writeFile(key(who), who.text.reveal(), { mode: 0o600 });
  const store = new FileStore(desk.path('.aurora'), systemClock);
  const journal = await store.create(id, starter);
  const plan = await planDigest(shippedChecklists());
  await journal.append('release.created', {
    ...{ project: 'p', build, stable: null, timeScale: 1, rehearsal: false, connect: {} },
    plan: { version: '1.0.0', digest: plan, directory: '/x' },
  });
  await journal.append('step.started', { step: 5, plannedMs: 1 });
  const result = {
    ...{ id: 'links/staging/widget', title: 'widget in staging', status: 'pass' as const },
    ...{ expected: 'opens (200)', observed: '200', requestIds: ['req_1'] },
    evidence: { address: 'https://staging.example/widget' },
  };
  const last = await journal.append('check.done', { step: 5, move: 0, result });
  const expiresAt = Date.now() + expiresIn;
  await journal.append('approval.requested', {
    ...{ step: 5, role: 'Product Manager', name: 'Omar V.', count: 1, eligible: 1, expiresAt },
    command: `aurora approve ${id} --step 5`,
    binding: {
      ...{ release: id, step: 5, environment: 'production', plan, build: build.digest },
      evidence: evidenceDigest(evidenceBefore(foldJournal(id, journal.entries), 5)),
      journal: sha256(encodeEntry(last)),
      ...{ verdict: 'go', nonce: 'n', expires: new Date(expiresAt).toISOString() },
      ...change,
    },
  });
  await journal.close();
  return store;
}

type Refused = readonly [code: string, what: string, given: Case, words: readonly string[]];

describe('approve', () => {
  it('shows what was measured and what is signed, signs it, and hands it to the release', async () => {
    const store = await waiting();
    const { exit, stdout } = await desk.run('approve', '--step', '5', '--key', key(omar));
    expect(exit).toBe(0);
    const print = fingerprint(omar.key.publicKey);
    for (const text of [
      'passed: widget in staging: 200',
      'https://staging.example/widget',
      'req_1',
      `build     ${build.digest}`,
      'If any of them changes, your word is void',
      `approved by Omar V. (Product Manager), signed with ${print}`,
    ]) {
      expect(stdout).toContain(text);
    }
    const [note] = await store.inbox(id);
    if (note?.note !== 'word') throw new Error('no word was left');
    expect(parseApproval(note.statement)).toMatchObject({ decision: 'approve', by: omar.id });
    expect(note.signature).toMatch(/^-----BEGIN SSH SIGNATURE-----/);
  });

  it('tells programs the same, once', async () => {
    await waiting();
    const { json } = await desk.run('approve', '--key', key(omar), '--json');
    expect(json()).toMatchObject({
      ...{ kind: 'approval', decision: 'approve', step: 5, signed: true, by: omar.id },
      ...{ name: 'Omar V.', key: { fingerprint: fingerprint(omar.key.publicKey) } },
    });
  });

  it('takes the key that AURORA_KEY names', async () => {
    const store = await waiting();
    desk.variables.AURORA_KEY = key(omar);
    expect((await desk.run('approve')).exit).toBe(0);
    expect(await store.inbox(id)).toHaveLength(1);
  });

  it('is no word where nobody can be asked and no key was named, --yes or not', async () => {
    const store = await waiting();
    await mkdir(desk.path('.ssh'), { mode: 0o700 });
    await writeFile(desk.path('.ssh/id_ed25519'), omar.text.reveal(), { mode: 0o600 });
    const { exit, stderr } = await desk.run('approve', '--yes');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('USAGE')]);
    expect(stderr).toContain('--key');
    expect(await store.inbox(id)).toEqual([]);
  });

  it.each<Refused>([
    ['APPROVAL_KEY_UNKNOWN', 'a key that nobody knows', {}, ['--key', 'eve']],
    ['APPROVAL_ROLE', 'another role', {}, ['--key', 'rita']],
    ['APPROVAL_PERSON', 'another person of the role', {}, ['--key', 'sam']],
    ['APPROVAL_SIGNATURE', "another person's name", {}, ['--key', 'sam', '--as', omar.id]],
    ['APPROVAL_SELF', 'whoever started it', { starter: 'Omar V.' }, ['--key', 'omar']],
    ['APPROVAL_EXPIRED', 'somebody who comes too late', { expiresIn: -1 }, ['--key', 'omar']],
    ['APPROVAL_UNSIGNED', 'somebody without a key', {}, ['--as', 'Omar V.']],
    ['APPROVAL_VOID', 'other evidence', { change: { evidence: 'e' } }, ['--key', 'omar']],
    ['APPROVAL_VOID', 'another build', { change: { build: 'e' } }, ['--key', 'omar']],
    ['APPROVAL_VOID', 'another history', { change: { journal: 'e' } }, ['--key', 'omar']],
    ['APPROVAL_VOID', 'a plan that was edited since', { change: { plan: 'e' } }, ['--key', 'omar']],
  ])('refuses with %s the word of or for %s, and leaves nothing', async (code, _what, given, words) => {
    const store = await waiting(given);
    const people: Readonly<Record<string, KeyHolder>> = { eve, rita, sam, omar };
    const argv = words.map((word) => {
      const who = people[word];
      return who === undefined ? word : key(who);
    });
    const { exit, stderr, stdout } = await desk.run('approve', '--step', '5', ...argv);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(code)]);
    expect(stdout).toBe('');
    expect(await store.inbox(id)).toEqual([]);
  });

  it('refuses a key that was revoked', async () => {
    await waiting();
    await writeFile(desk.path('approvers.revoked'), fingerprint(omar.key.publicKey));
    const { exit, stderr } = await desk.run('approve', '--key', key(omar));
    expect([exit, stderr]).toEqual([2, expect.stringContaining('APPROVAL_KEY_REVOKED')]);
  });

  it('names the line of an approvers file that it cannot read', async () => {
    await waiting();
    await appendFile(desk.path('approvers'), 'what is this\n');
    const { exit, stderr } = await desk.run('approve', '--key', key(omar));
    expect([exit, stderr]).toEqual([2, expect.stringContaining('approvers:4')]);
  });

  it('wants a reason for a no, and does not say two things at once', async () => {
    const store = await waiting();
    const signed = ['approve', '--key', key(omar)];
    expect((await desk.run(...signed, '--reject')).exit).toBe(2);
    expect((await desk.run(...signed, '--reject', '--revoke', '--comment', 'x')).exit).toBe(2);
    expect((await desk.run(...signed, '--reject', '--comment', 'cut off')).exit).toBe(0);
    const [note] = await store.inbox(id);
    expect(note?.note === 'word' ? parseApproval(note.statement) : undefined).toMatchObject({
      ...{ decision: 'reject', comment: 'cut off' },
    });
  });

  it('puts no secret into what is signed', async () => {
    const store = await waiting();
    rememberSecret('hunter2-hunter2');
    const { exit, stderr } = await desk.run(
      ...['approve', '--key', key(omar), '--comment', 'it is hunter2-hunter2'],
    );
    expect([exit, stderr]).toEqual([2, expect.stringContaining('the comment holds a secret')]);
    expect(await store.inbox(id)).toEqual([]);
  });

  it('takes nothing back that was not given, nor from a step that waits for nobody', async () => {
    await waiting();
    const revoked = await desk.run(
      ...['approve', '--key', key(omar), '--revoke', '--comment', 'wrong price'],
    );
    expect([revoked.exit, revoked.stderr]).toEqual([2, expect.stringContaining('is not approved')]);
    expect(await desk.run('approve', '--step', '4', '--key', key(omar))).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('step 4 of'),
    });
  });

  it('takes a word back only before production was changed, and names the rollback then', async () => {
    const store = await waiting();
    await desk.run('approve', '--key', key(omar));
    const [note] = await store.inbox(id);
    if (note?.note !== 'word') throw new Error('no word was left');
    const journal = await store.open(id, 'Alex W.');
    const { request } = foldJournal(id, journal.entries).steps.get(5) ?? {};
    if (request === undefined || request === null) throw new Error('nothing was asked');
    const word = { statement: note.statement, signature: note.signature };
    await journal.append('approval.given', {
      ...{ step: 5, by: omar.id, name: omar.name, role: 'Product Manager', signed: true },
      ...{ comment: null, binding: request.binding, ...word, key: null },
    });
    const back = ['approve', '--key', key(omar), '--revoke', '--comment', 'wrong price'];
    expect((await desk.run(...back)).exit).toBe(0);
    expect(await store.inbox(id)).toHaveLength(2);
    await journal.append('step.ended', { step: 5, verdict: 'go', reasons: [], evidence: 'e' });
    await journal.append('step.started', { step: 6, plannedMs: 1 });
    const act = { step: 6, key: '6/route-candidate/production', title: 'route' };
    await journal.append('effect.started', { ...act, before: {} });
    await journal.close();
    const late = await desk.run(...back);
    expect([late.exit, late.stderr]).toEqual([2, expect.stringContaining(`aurora rollback ${id}`)]);
    expect(await store.inbox(id)).toHaveLength(2);
  });
});

describe('what a plan wants of people', () => {
  it('is said when the approvers file cannot give it', async () => {
    await waiting();
    await writeApprovers(sam);
    const { exit, stderr } = await desk.run('plan', 'check');
    expect([exit, stderr]).toEqual([
      0,
      expect.stringContaining('step 5 wants the word of Omar V.'),
    ]);
    await rm(desk.path('approvers'));
    const { json } = await desk.run('plan', 'check', '--json');
    expect(json()).toMatchObject({ missing: [expect.stringContaining('has nobody')] });
  });

  it('stays silent when it can', async () => {
    await waiting();
    expect((await desk.run('plan', 'check', '--json')).json()).toMatchObject({ missing: [] });
    expect(await readFile(join(desk.directory, 'approvers'), 'utf8')).toContain(omar.id);
  });
});
