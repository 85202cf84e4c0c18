import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoTime, systemClock } from '../../src/base/clock.ts';
import { unlessAborted, withDeadline } from '../../src/base/deadline.ts';
import { formatDuration, parseDuration } from '../../src/base/duration.ts';

describe('durations', () => {
  it.each([
    ['30 min', 1_800_000],
    ['10s', 10_000],
    ['1.5 h', 5_400_000],
    ['250ms', 250],
    ['2 d', 172_800_000],
    ['15 m', 900_000],
    ['30 sec', 30_000],
    ['  5 min ', 300_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '30',
    'min',
    '-5 min',
    '5 weeks',
    '1 h 5 min',
    '1e3 s',
    'toString',
    '5 min.',
  ])('refuses "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.7, '1 s'],
    [9_440, '9.4 s'],
    [9_999, '10 s'],
    [59_600, '1 min'],
    [725_000, '12 min 5 s'],
    [9_600_000, '2 h 40 min'],
    [7_205_000, '2 h'],
    [90_000_000, '1 d 1 h'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('reads what it wrote, for every duration of one unit', () => {
    const units = fc.constantFrom(1_000, 60_000, 3_600_000, 86_400_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 23 }), units, (count, unit) => {
        expect(parseDuration(formatDuration(count * unit))).toBe(count * unit);
      }),
    );
  });

  it('shows two units at most, hence nearly the duration, and never a unit that is full', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 1e9, noNaN: true }), (ms) => {
        const text = formatDuration(ms);
        const parts = text.match(/[\d.]+ [a-z]+/g) ?? [];
        const back = parts.reduce((sum, part) => sum + (parseDuration(part) ?? Number.NaN), 0);
        expect(Math.abs(back - ms) / ms).toBeLessThan(0.06);
        expect(text).not.toMatch(/\b(1000 ms|60 s|60 min|24 h)\b/);
      }),
    );
  });
});

describe('the clock', () => {
  it('sleeps as long as it was told', async () => {
    const began = systemClock.now();
    await systemClock.sleep(15);
    expect(systemClock.now() - began).toBeGreaterThanOrEqual(14);
  });

  it('wakes with the reason when its signal aborts, and does not begin after it', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe(reason);
  });

  it('writes instants as ISO 8601 in UTC', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('a deadline', () => {
  it('aborts when its time is over, and says who did not answer', async () => {
    const { signal } = withDeadline(new AbortController().signal, 5, 'vault');
    const sleeping = systemClock.sleep(60_000, signal);
    await expect(sleeping).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE', where: 'vault' });
  });

  it('aborts with its parent, for the parent’s reason, also when that was over before', () => {
    const parent = new AbortController();
    const during = withDeadline(parent.signal, 60_000, 'x');
    parent.abort(new Error('stopped'));
    const after = withDeadline(parent.signal, 60_000, 'x');
    expect([during.signal.reason, after.signal.reason]).toEqual([
      new Error('stopped'),
      new Error('stopped'),
    ]);
    during.done();
    after.done();
  });

  it('leaves nothing behind when it is done', () => {
    const parent = new AbortController();
    const { signal, done } = withDeadline(parent.signal, 60_000, 'x');
    done();
    parent.abort();
    expect(signal.aborted).toBe(false);
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
  });

  it('frees whoever waits for work that does not heed the signal', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), controller.signal);
    controller.abort(new Error('late'));
    await expect(waiting).rejects.toThrow('late');
    await expect(
      unlessAborted(Promise.reject(new Error('unseen')), controller.signal),
    ).rejects.toThrow('late');
  });

  it('hands on what the work gave, and listens no more', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
