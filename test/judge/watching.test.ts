import { describe, expect, it } from 'vitest';
import { addProbes } from '../../src/judge/probes.ts';
import { packReading, unpackReading } from '../../src/judge/recording.ts';
import { Watching, type WatchReading, type WatchState } from '../../src/judge/watching.ts';
import type { CohortCounters } from '../../src/services/metrics/metrics.ts';
import { cohort, reading } from './counts.ts';
import { lookAt, rules, unread } from './readings.ts';

const can = (sessions: number, given: Parameters<typeof cohort>[1] = {}, epoch = '1') =>
  reading(cohort(sessions, given), epoch);
const con = (sessions: number, given: Parameters<typeof cohort>[1] = {}) =>
  reading(cohort(sessions, given));
const since = (from: number, counters: CohortCounters): CohortCounters => ({
  ...counters,
  since: from,
});

function watch(looks: readonly WatchReading[], given: Partial<typeof rules> = {}): WatchState {
  const watching = new Watching({ ...rules, ...given });
  const states = looks.map((look) => watching.look(look));
  const last = states.at(-1);
  if (last === undefined) throw new Error('no look');
  return last;
}

const errorsOf = ({ judgement }: WatchState) => {
  const found = judgement.metrics.find(({ metric }) => metric.id === 'errors');
  if (found === undefined) throw new Error('no errors metric');
  return found;
};

describe('counts of a watch', () => {
  it('begin with the first reading where the source counts since the process started', () => {
    const state = watch([
      lookAt(0, can(5_000, { bad: 9 }), con(9)),
      lookAt(1, can(5_100, { bad: 9 }), con(2_000)),
    ]);
    expect(errorsOf(state).sample.green).toEqual({ bad: 0, n: 100 });
  });

  it('begin at the asked moment where the source keeps history', () => {
    const from = 1_760_000_000_000;
    const state = watch([
      lookAt(0, since(from, can(40, { bad: 1 })), since(from, con(800))),
      lookAt(1, since(from, can(140, { bad: 2 })), since(from, con(2_800))),
    ]);
    expect(errorsOf(state).sample.green).toEqual({ bad: 2, n: 140 });
    expect(errorsOf(state).comparison?.control.n).toBe(2_800);
  });

  it('go on over a restart of the counting process', () => {
    const state = watch([
      lookAt(0, can(0), con(0)),
      lookAt(1, can(100, { bad: 1 }), con(2_000)),
      lookAt(2, can(60, {}, '2'), con(4_000)),
    ]);
    expect(errorsOf(state).sample.green).toEqual({ bad: 1, n: 160 });
  });
});

describe('the control of a watch', () => {
  it('is not compared at a look at which it could not be read, and again at the next', () => {
    const looks = [
      lookAt(0, can(0), con(0)),
      lookAt(1, can(200), con(4_000)),
      lookAt(2, can(400), unread),
      lookAt(3, can(600), con(12_000)),
    ];
    expect(errorsOf(watch(looks.slice(0, 2))).comparison?.control.n).toBe(4_000);
    const blind = watch(looks.slice(0, 3));
    expect(errorsOf(blind).comparison).toBeNull();
    expect(blind.controlProblem).toBe('no answer');
    expect(errorsOf(watch(looks)).comparison).toMatchObject({
      candidate: { n: 600 },
      control: { n: 12_000 },
    });
  });

  it('is never compared over another window than the candidate', () => {
    const state = watch([
      lookAt(0, can(0), unread),
      lookAt(1, can(200, { bad: 60 }), con(0)),
      lookAt(2, can(400, { bad: 120 }), con(4_000)),
    ]);
    expect(errorsOf(state).comparison).toBeNull();
    expect(state.controlProblem).toContain('first read after the candidate');
  });

  it('that cannot be read keeps alpha split as before: no verdict gets easier by it', () => {
    const seen = watch([lookAt(0, can(0), con(0)), lookAt(1, can(200), con(4_000))]);
    const blind = watch([lookAt(0, can(0), unread), lookAt(1, can(200), unread)]);
    const none = watch([lookAt(0, can(0), null), lookAt(1, can(200), null)], { compared: false });
    expect(errorsOf(blind).logRedNeeded).toBe(errorsOf(seen).logRedNeeded);
    expect(errorsOf(none).logRedNeeded).toBeLessThan(errorsOf(seen).logRedNeeded);
  });
});

describe('the split of a watch', () => {
  const minutes = Array.from({ length: 31 }, (_, minute) => minute);

  it('does not count the sessions that were under way when the share changed', () => {
    // In the first minutes every old session is new to the candidate and known to the control.
    const early = (minute: number) => Math.min(minute, 5) * 400;
    const looks = minutes.map((minute) =>
      lookAt(minute, can(early(minute) + minute * 50), con(minute * 950)),
    );
    expect(watch(looks).judgement.split).toMatchObject({ mismatch: false, observed: 0.05 });
    expect(watch(looks, { assignmentAfterMs: 0 }).judgement.split?.mismatch).toBe(true);
  });

  it('that is not as configured holds a watch that is green otherwise', () => {
    const looks = minutes.map((minute) => lookAt(minute, can(minute * 120), con(minute * 880)));
    const state = watch(looks);
    expect(state.verdict.state).not.toBe('green');
    expect(state.verdict.why.join(' ')).toContain('the split is broken');
    expect(state.over).toBe(false);
  });

  it('is not asked for where the candidate has all customers', () => {
    const looks = minutes.map((minute) => lookAt(minute, can(minute * 120), null));
    const state = watch(looks, { compared: false, share: null });
    expect(state.judgement.split).toBeUndefined();
    expect(state).toMatchObject({ over: true, verdict: { state: 'green' } });
  });
});

describe('failed measurements of a watch', () => {
  const good = (minute: number) => lookAt(minute, can(minute * 100), con(minute * 1_900));
  const bad = (minute: number) => lookAt(minute, unread, con(minute * 1_900));
  const span = (from: number, to: number, of: typeof good) =>
    Array.from({ length: to - from }, (_, index) => of(from + index));

  it('turn it amber when there are five in a row, and a success resets their count', () => {
    const four = [...span(0, 10, good), ...span(10, 14, bad)];
    expect(watch(four).verdict).toMatchObject({ state: 'collecting', error: 'no answer' });
    const five = [...span(0, 10, good), ...span(10, 15, bad)];
    expect(watch(five).verdict.state).toBe('amber');
    expect(watch([...five, good(15)])).toMatchObject({
      health: { failures: 0 },
      verdict: { state: 'green', error: null },
    });
  });

  it('never end it green: the last measurement must have succeeded', () => {
    const state = watch([...span(0, 30, good), bad(30)]);
    expect(state).toMatchObject({ over: false, verdict: { state: 'collecting' } });
  });

  it('of the flag turn it amber just so', () => {
    const blind = (minute: number) => ({ ...good(minute), flagError: 'no flags' });
    const five = [...span(0, 10, good), ...span(10, 15, blind)];
    expect(watch(five)).toMatchObject({
      flagProblem: 'no flags',
      verdict: { state: 'amber', error: 'the flag: no flags' },
    });
    expect(watch([...five, good(15)]).verdict.state).toBe('green');
  });
});

describe('the end of a watch', () => {
  it('waits for the whole window although everything is proven', () => {
    const early = watch([lookAt(0, can(0), con(0)), lookAt(29, can(5_000), con(95_000))]);
    expect(early).toMatchObject({ over: false, extended: false, verdict: { state: 'green' } });
    const end = watch([lookAt(0, can(0), con(0)), lookAt(30, can(5_000), con(95_000))]);
    expect(end).toMatchObject({ over: true });
  });

  it('comes at once with the first proof of red', () => {
    const state = watch([lookAt(0, can(0), con(0)), lookAt(1, can(100, { bad: 30 }), con(1_900))]);
    expect(state).toMatchObject({ over: true, verdict: { state: 'red' } });
  });

  it('comes at once when the flag was edited', () => {
    const look = { ...lookAt(1, can(100), con(1_900)), drift: 'candidate at 50 %' };
    expect(watch([lookAt(0, can(0), con(0)), look])).toMatchObject({
      over: true,
      drift: 'candidate at 50 %',
    });
  });

  it('is put off once while amber', () => {
    const slow = (minute: number) => lookAt(minute, can(minute * 2), con(minute * 38));
    expect(watch([slow(0), slow(30)])).toMatchObject({ over: false, extended: true });
    expect(watch([slow(0), slow(30), slow(45)])).toMatchObject({
      over: true,
      verdict: { state: 'amber' },
    });
  });

  it('counts the extension from where it was seen that the window is over', () => {
    const slow = (minute: number) => lookAt(minute, can(minute * 2), con(minute * 38));
    // It broke off at minute 10 and went on two hours later.
    expect(watch([slow(0), slow(10), slow(130)]).over).toBe(false);
    expect(watch([slow(0), slow(10), slow(130), slow(145)]).over).toBe(true);
  });
});

describe('probes of a watch', () => {
  it('add up over its looks, metric by metric', () => {
    const sum = addProbes(
      { one: { n: 3, bad: 1, badRed: 0 } },
      { one: { n: 3, bad: 2, badRed: 1 }, two: { n: 1, bad: 0, badRed: 0 } },
    );
    expect(sum).toEqual({
      one: { n: 6, bad: 3, badRed: 1 },
      two: { n: 1, bad: 0, badRed: 0 },
    });
  });
});

describe('probes beside customers', () => {
  it('feed the band of their own metric, and are told apart', () => {
    const probes = { 'order-status-latency': { n: 3, bad: 1, badRed: 0 } };
    const state = watch([0, 1, 2].map((at) => lookAt(at, can(at), con(at * 19), { probes })));
    const of = (id: string) => state.judgement.metrics.find(({ metric }) => metric.id === id);
    expect(of('order-status-latency')).toMatchObject({
      sample: { green: { n: 9, bad: 3 } },
      probes: { n: 9, bad: 3, badRed: 0 },
    });
    expect(of('order-status-availability')?.sample.green.n).toBe(0);
  });
});

describe('a watch that broke off', () => {
  it('stands, once its journal is taken in, exactly where it stood', () => {
    const looks = Array.from({ length: 20 }, (_, minute) =>
      lookAt(
        minute,
        minute === 7 ? unread : can(minute * 60, { bad: minute > 9 ? 1 : 0 }),
        con(minute * 1_100),
      ),
    );
    const kept = looks.slice(0, 12).map((look) => unpackReading(packReading(look)));
    const again = [...kept.flatMap((look) => (look === null ? [] : [look])), ...looks.slice(12)];
    expect(watch(again)).toEqual(watch(looks));
  });
});
