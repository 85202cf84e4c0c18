import { describe, expect, it, vi } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import { createRenderer } from '../../src/ui/renderer.ts';
import { describeTerminal } from '../../src/ui/terminal.ts';
import { type JournalBuilder, plan } from '../report/journal-builder.ts';
import * as journeys from '../report/journeys.ts';
import { escapeSign, FakeScreen } from './screen.ts';

function liveOn(screen: FakeScreen, more: { env?: Record<string, string>; now?: number } = {}) {
  const env = { LANG: 'C.UTF-8', TERM: 'xterm', ...more.env };
  const terminal = describeTerminal({ isTTY: true, columns: screen.columns, env });
  const now = () => more.now ?? Date.parse('2025-11-22T04:30:53Z');
  return createRenderer({ stdout: screen, stderr: screen, terminal, plan, now });
}

async function show(journal: JournalBuilder, screen = new FakeScreen()): Promise<FakeScreen> {
  const renderer = liveOn(screen);
  for (const entry of journal.entries) renderer.entry(entry);
  await renderer.end();
  return screen;
}

const colourCode = new RegExp(`${escapeSign}\\[\\d+m`);

const rowOf = (screen: FakeScreen, step: number) =>
  screen.seen.find((line) => new RegExp(`^\\S ${step}/9 `).test(line)) ?? '';

describe('live list', () => {
  it('shows nine rows with title, owner, verdict and time, and what comes next', async () => {
    const screen = await show(journeys.releasedJourney());
    for (const row of plan.steps) {
      expect(rowOf(screen, row.step)).toMatch(/^✔ \d\/9 .*go, .* of \d/);
      expect(rowOf(screen, row.step)).toContain(row.title);
      expect(rowOf(screen, row.step)).toContain(row.owner.name ?? row.owner.role);
    }
    expect(rowOf(screen, 3)).toContain('go, 6 checks passed');
    expect(rowOf(screen, 3)).toContain('2.1 s of 30 s');
    expect(screen.text).toContain('released after 59 s (exit 0)');
    expect(screen.text).toContain('next: nobody must do anything');
    expect(screen.seen.filter((line) => line.includes('1/9'))).toHaveLength(1);
  });

  it('shows the checks of the running step while it runs', async () => {
    const screen = new FakeScreen();
    const renderer = liveOn(screen);
    const { entries } = journeys.releasedJourney();
    const untilTrackOrder = entries.findIndex(
      (entry) => entry.type === 'check.done' && entry.data.result.title === 'Track Order',
    );
    for (const entry of entries.slice(0, untilTrackOrder + 1)) renderer.entry(entry);
    await vi.waitFor(() => expect(screen.text).toMatch(/✔ Track Order {2}order_status, csat_bar/));
    expect(rowOf(screen, 3)).toMatch(/^[⠋-⠿] 3\/9 /);
    expect(rowOf(screen, 4)).toMatch(/^· 4\/9 /);
    await renderer.end();
    expect(rowOf(screen, 3)).toMatch(/^▸ 3\/9 /);
  });

  it('keeps a failed check with everything that helps', async () => {
    const screen = await show(journeys.noGoJourney());
    expect(rowOf(screen, 3)).toContain('✖ 3/9');
    expect(rowOf(screen, 3)).toContain('NO-GO, 1 of 6 failed');
    expect(screen.text).toMatch(/✖ failed: Track Order\n +expected {2}order_status, csat_bar\n/);
    expect(screen.text).toMatch(/request {3}req_smoke_2\n +remedy {4}Look for csat_bar/);
    expect(rowOf(screen, 4)).toMatch(/^· 4\/9 /);
  });

  it('says who is waited for, and the exact command on a line of its own', async () => {
    const screen = await show(journeys.waitingJourney(), new FakeScreen(60));
    const command = 'aurora approve r-20251122-0430-7k2f --step 5 --as "Omar V."';
    expect(rowOf(screen, 5)).toMatch(/^▸ 5\/9 .* waiting /);
    expect(screen.text).toContain('waits for Product Manager (Omar V.)');
    expect(screen.seen).toContain(`  ${command}`);
  });

  it('stands still for a question, says nothing of what comes next, and goes on below it', async () => {
    const screen = new FakeScreen();
    const renderer = liveOn(screen);
    const { entries } = journeys.releasedJourney();
    const ended = entries.findIndex(
      (entry) => entry.type === 'step.ended' && entry.data.step === 3,
    );
    for (const entry of entries.slice(0, ended + 1)) renderer.entry(entry);
    await renderer.rest();
    expect([screen.cursorVisible, screen.text.includes('next:')]).toEqual([true, false]);
    screen.write('? What now?\n');
    for (const entry of entries.slice(ended + 1)) renderer.entry(entry);
    await renderer.end();
    const question = screen.seen.indexOf('? What now?');
    expect(question).toBeGreaterThan(screen.seen.findIndex((line) => line.includes('3/9')));
    expect(question).toBeLessThan(screen.seen.findIndex((line) => /^✔ 4\/9/.test(line)));
    expect(screen.text).toContain('next: nobody must do anything');
  });

  it('gives a rollback a list of its own', async () => {
    const screen = await show(journeys.rolledBackJourney(true));
    expect(rowOf(screen, 7)).toContain('↩ 7/9');
    expect(screen.text).toContain('✖ ROLLBACK INCOMPLETE: sessions with an error');
    expect(screen.text).toContain('✔ switch off AURORA_WIDGET_ENABLED  off for clients');
    expect(screen.text).toMatch(/✖ failed: purge the widget bundle\n +SERVICE_UNREACHABLE/);
    expect(screen.text).toContain('→ Start the edge again.');
    expect(screen.text).toContain('customers are off the candidate, seen from outside');
  });

  it('gives the cursor back when it ends in the middle, and ends twice without harm', async () => {
    const screen = new FakeScreen();
    const renderer = liveOn(screen);
    for (const entry of journeys.canaryJourney().entries) renderer.entry(entry);
    await vi.waitFor(() => expect(screen.cursorVisible).toBe(false));
    await renderer.end();
    expect(screen.cursorVisible).toBe(true);
    const before = screen.raw;
    await renderer.end();
    expect(screen.raw).toBe(before);
  });

  it('owns no signals and leaves no listeners behind', async () => {
    const count = () => ['SIGINT', 'SIGTERM', 'exit'].map((name) => process.listenerCount(name));
    const before = count();
    const screen = new FakeScreen();
    const renderer = liveOn(screen);
    for (const entry of journeys.canaryJourney().entries) renderer.entry(entry);
    await vi.waitFor(() => expect(screen.text).toContain('7/9'));
    expect(count().slice(0, 2)).toEqual(before.slice(0, 2));
    await renderer.end();
    expect(count()).toEqual(before);
  });

  it('goes on with the steps that are left when a release is taken up again', async () => {
    const screen = new FakeScreen();
    const renderer = liveOn(screen);
    const journal = journeys.heldJourney();
    for (const entry of journal.entries) renderer.entry(entry);
    await renderer.end();
    const told = journal.entries.length;
    journal.add('release.resumed', { from: 7 }).start(7);
    for (const check of journeys.greenMetrics) journal.check(7, check);
    for (const entry of journal.end(7, 'go').entries.slice(told)) renderer.entry(entry);
    await renderer.end();
    const sevenths = screen.seen.filter((line) => line.includes(' 7/9 '));
    expect(sevenths.at(0)).toContain('HOLD');
    expect(sevenths.at(-1)).toContain('go, 4 checks passed');
    expect(screen.seen.filter((line) => line.includes(' 6/9 '))).toHaveLength(1);
  });

  it('tells acts outside the steps, which have no row', async () => {
    const journal = journeys.emptyJourney();
    journal.effect(0, '0/start', 'start 1.3.0 in production blue', 'ready');
    const screen = await show(journal);
    expect(screen.text).toContain(
      'outside the steps ... done: start 1.3.0 in production blue (ready)',
    );
  });

  it('fits a small terminal, and never writes wider than it is', async () => {
    for (const columns of [60, 80, 100, 140]) {
      const screen = await show(journeys.rolledBackJourney(), new FakeScreen(columns, 24));
      const rows = screen.seen.filter((line) => /\d\/9 |[✔✖▸]/.test(line));
      expect(Math.max(...rows.map((line) => line.length))).toBeLessThan(columns);
    }
  });

  it('does not let what a server said move the list, and redacts', async () => {
    rememberSecret('topsecret-value');
    const journal = journeys.emptyJourney().start(1);
    journal.check(1, { id: 'x', title: 'odd\nanswer\u001b[2J', observed: 'topsecret-value' });
    const screen = await show(journal);
    expect(screen.text).toContain('✔ odd answer [2J  [secret]');
    expect(screen.raw).not.toContain('\u001b[2J');
    expect(screen.raw).not.toContain('topsecret-value');
  });

  it('keeps words without colour, and signs without UTF-8', async () => {
    const screen = new FakeScreen();
    const renderer = liveOn(screen, { env: { NO_COLOR: '1', LANG: 'C' } });
    for (const entry of journeys.noGoJourney().entries) renderer.entry(entry);
    await renderer.end();
    expect(screen.raw).not.toMatch(colourCode);
    expect([...screen.raw].every((sign) => sign < '\u0080')).toBe(true);
    expect(rowOf(screen, 3)).toContain('x 3/9');
    expect(rowOf(screen, 3)).toContain('NO-GO');
  });
});
