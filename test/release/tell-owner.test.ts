import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan, PlanStep } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { isTurn } from '../../src/release/tell-owner.ts';
import { dataOf, wayEngine } from './ways.ts';
import { approval, effect, flagAt, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const ops = '#aurora-ops';
const people: Plan['people'] = { tell: [ops], turn: true, overdue: true };
const of = (row: PlanStep, role: string, name: string | null = null): PlanStep => ({
  ...row,
  owner: { role, name },
});
const steps = [
  of(step(1, [flagAt(0)]), 'DevOps', 'Alex W.'),
  of(step(2, [flagAt(0)]), 'DevOps', 'Alex W.'),
  of(step(3, [flagAt(0), approval()]), 'Product Manager', 'Omar V.'),
];
const titles = () => world.notices.map(({ title }) => title);

describe('an owner', () => {
  it('hears that it is their turn, once, with what to run; the starter at the keyboard need not', async () => {
    const engine = wayEngine(world, steps, { people });
    const { release } = await startRelease(engine, '1.4.0');
    expect(titles()).toEqual(['Your turn: step 3, Step 3']);
    expect(world.notices[0]).toMatchObject({
      severity: 'info',
      key: release,
      body: `Product Manager (Omar V.): concierge 1.4.0, planned 1 min.\n\`aurora approve ${release} --step 3\``,
    });
    expect(dataOf(engine.entries, 'owner.told')).toEqual([
      { step: 3, owner: 'Product Manager (Omar V.)', why: 'turn', over: ops, ok: true },
    ]);
    await resumeRelease(wayEngine(world, steps, { people }), release);
    expect(titles()).toHaveLength(1);
  });

  it('hears it once more over a channel that did not work the first time', async () => {
    world.dead.add('notify');
    const engine = wayEngine(world, steps, { people });
    const { release, exit } = await startRelease(engine, '1.4.0');
    expect(exit).toBe(4);
    expect(dataOf(engine.entries, 'owner.told')).toMatchObject([
      { ok: false, error: { code: 'SERVICE_UNREACHABLE' } },
    ]);
    world.dead.clear();
    await resumeRelease(wayEngine(world, steps, { people }), release);
    expect(titles()).toEqual(['Your turn: step 3, Step 3']);
  });

  it('is told nothing unless the plan names a way', async () => {
    const engine = wayEngine(world, steps, { people: { ...people, tell: [] } });
    await startRelease(engine, '1.4.0');
    expect([world.notices, dataOf(engine.entries, 'owner.told')]).toEqual([[], []]);
    await startRelease(wayEngine(world, steps, { people: { ...people, turn: false } }), '1.4.0');
    expect(world.notices).toEqual([]);
  });

  it('that nobody configured is written down, and every way is tried', async () => {
    const engine = wayEngine(world, steps, { people: { ...people, tell: ['#nowhere', ops] } });
    await startRelease(engine, '1.4.0');
    expect(dataOf(engine.entries, 'owner.told')).toMatchObject([
      { over: '#nowhere', ok: false, error: { message: 'nobody is configured as #nowhere' } },
      { over: ops, ok: true },
    ]);
  });

  it('hears once of a step that takes longer than planned, on the clock of a rehearsal', async () => {
    const slow = { ...of(step(1, [approval()]), 'Product Manager'), durationMs: 60_000 };
    const engine = wayEngine(
      world,
      [slow],
      { people: { ...people, turn: false } },
      { timeScale: 300, approvalWaitMs: 700 },
    );
    const { release } = await startRelease(engine, '1.4.0');
    expect(titles()).toEqual(['Longer than planned: step 1, Step 1']);
    expect(world.notices[0]).toMatchObject({
      severity: 'warning',
      body: expect.stringContaining('planned 200 ms'),
    });
    await resumeRelease(
      wayEngine(world, [slow], { people: { ...people, turn: false } }, { timeScale: 300 }),
      release,
    );
    expect(titles()).toHaveLength(1);
  });

  it('who cannot be reached holds up nothing: the step runs beside the message', async () => {
    const engine = wayEngine(
      world,
      [of(step(1, [effect('start-slot', { environment: 'staging' }), flagAt(0)]), 'QA Lead')],
      { people },
    );
    const sent: AbortSignal[] = [];
    const hangs: Engine['services']['notify'] = async () => {
      const [service] = await engine.services.notify();
      if (service === undefined) throw new Error('no service');
      return [
        {
          ...service,
          send: (_notice, signal) => {
            sent.push(signal);
            return new Promise(() => undefined);
          },
        },
      ];
    };
    const services = { ...engine.services, notify: hangs };
    const ended = startRelease({ ...engine, services }, '1.4.0');
    await vi.waitFor(() => expect(engine.entries.at(-1)?.type).toBe('release.ended'), {
      timeout: 4_000,
      interval: 20,
    });
    const { exit, state } = await ended;
    expect([exit, state.outcome, sent[0]?.aborted]).toEqual([0, 'released', true]);
    expect(dataOf(engine.entries, 'owner.told')).toMatchObject([
      { ok: false, error: { message: 'no answer within 5000 ms' } },
    ]);
  }, 15_000);
});

describe('a turn', () => {
  const [first, second, third] = steps as [PlanStep, PlanStep, PlanStep];
  it.each([
    ['of another owner', third, 'Alex W.', true],
    ['of the same owner', second, 'Alex W.', false],
    ['of whoever started it', first, ' alex w.', false],
    ['of somebody else than the starter', first, 'Maya T.', true],
    ['of a team, at the beginning', of(first, 'DevOps'), 'Alex W.', true],
  ])('%s', (_what, row, starter, turn) => {
    const plan = row.step === 1 ? [row, second, third] : steps;
    expect(isTurn(plan, row, starter)).toBe(turn);
  });
});
