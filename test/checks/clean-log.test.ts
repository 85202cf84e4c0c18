import { describe, expect, it } from 'vitest';
import { assessLog, cleanLog, isSpike } from '../../src/checks/clean-log.ts';
import type { CheckContext } from '../../src/checks/kind.ts';
import type { LogWindow } from '../../src/services/logs/logs.ts';
import { candidate, contextWith, driverWith, readySlot, someServices } from './support/context.ts';
import {
  crashedSlot,
  failedRequest,
  logsFrom,
  TurnedClock,
  unreachable,
} from './support/watching.ts';

const params = {
  environment: 'staging' as const,
  paths: ['/api/concierge/*', '/api/analytics/csat'],
  for: '10 min',
  every: '30 s',
  maxErrorRate: 0.005,
  minRequests: 200,
};

const facts = { candidate, stable: null, slots: { staging: 'green' as const } };

function contextOf(
  read: (times: number) => Partial<LogWindow>,
  given: Partial<CheckContext> = {},
  slots = () => [readySlot('staging', 'http://127.0.0.1:9')],
) {
  const clock = new TurnedClock();
  const logs = logsFrom(read);
  const services = someServices({
    logs: async () => logs,
    driver: async () => ({ ...driverWith('staging', []), slots: async () => slots() }),
  });
  return { clock, context: contextWith({ clock, services, facts, ...given }) };
}

async function only(context: CheckContext) {
  const results = await cleanLog.run(params, context);
  expect(results).toHaveLength(1);
  return results[0];
}

describe('clean log', () => {
  it('passes after the whole window with few enough errors', async () => {
    const { clock, context } = contextOf((times) => ({ requests: times * 100, errors: 1 }));
    expect(await only(context)).toMatchObject({ status: 'pass', n: 2_000 });
    expect(clock.slept).toEqual(Array(20).fill(30_000));
  });

  it('is inconclusive with too few requests, errors or not', async () => {
    const quiet = contextOf((times) => ({ requests: times * 9 }));
    expect(await only(quiet.context)).toMatchObject({ status: 'inconclusive', n: 180 });
    const nobody = contextOf(() => ({}));
    expect(await only(nobody.context)).toMatchObject({ status: 'inconclusive', n: 0 });
  });

  it('fails before the end on a spike, and names the requests', async () => {
    const { clock, context } = contextOf((times) => ({
      requests: times * 100,
      errors: times * 10,
      errorEntries: [failedRequest('req_9')],
    }));
    expect(await only(context)).toMatchObject({ status: 'fail', n: 200, requestIds: ['req_9'] });
    expect(clock.slept).toHaveLength(2);
  });

  it('fails at the end on too many errors that were never a proven spike', async () => {
    const { clock, context } = contextOf((times) => ({ requests: times * 20, errors: 3 }));
    expect(await only(context)).toMatchObject({ status: 'fail', n: 400 });
    expect(clock.slept).toHaveLength(20);
  });

  it('fails at once when the slot crashed, with its last lines', async () => {
    const slots = () => [crashedSlot('staging')];
    const { clock, context } = contextOf(() => ({ requests: 900 }), {}, slots);
    const result = await only(context);
    expect(result).toMatchObject({ status: 'fail', catastrophe: true });
    expect(result?.observed).toContain('price is not a function');
    expect(clock.slept).toHaveLength(0);
  });

  it('is not stopped by the crash of the other slot or environment', async () => {
    const slots = () => [
      { ...crashedSlot('staging'), slot: 'blue' as const },
      crashedSlot('production'),
    ];
    const { context } = contextOf(() => ({ requests: 900 }), {}, slots);
    expect(await only(context)).toMatchObject({ status: 'pass' });
  });

  it('is an error when the log cannot be read at the end, not before', async () => {
    const away = contextOf((times) => {
      if (times > 4) throw unreachable();
      return { requests: 900 };
    });
    expect(await only(away.context)).toMatchObject({ status: 'error' });
    const back = contextOf((times) => {
      if (times < 4) throw unreachable();
      return { requests: 900 };
    });
    expect(await only(back.context)).toMatchObject({ status: 'pass' });
  });

  it('shortens window and polling in a rehearsal, but not the minimum', async () => {
    const { clock, context } = contextOf((times) => ({ requests: times * 9 }), { timeScale: 60 });
    expect(await only(context)).toMatchObject({ status: 'inconclusive' });
    expect(clock.slept).toEqual(Array(20).fill(500));
  });

  it('stops when it is told to', async () => {
    const reason = new Error('interrupted');
    const controller = new AbortController();
    const { context } = contextOf(
      () => {
        controller.abort(reason);
        return {};
      },
      { signal: controller.signal },
    );
    await expect(only(context)).rejects.toBe(reason);
  });
});

describe('spike', () => {
  const window = (requests: number, errors: number) => ({
    requests,
    errors,
    errorEntries: [],
    otherLines: 0,
  });

  it('needs the minimum of requests and a proof', () => {
    expect(isSpike(window(199, 100), params)).toBe(false);
    expect(isSpike(window(200, 2), params)).toBe(false);
    expect(isSpike(window(200, 20), params)).toBe(true);
  });
});

describe('assessment of a log', () => {
  it('takes exactly the allowed rate as clean', () => {
    const seen = (errors: number) => ({
      window: { value: { requests: 1_000, errors, errorEntries: [], otherLines: 0 } },
      crash: null,
      sinceMs: 600_000,
    });
    expect(assessLog(params, seen(5)).status).toBe('pass');
    expect(assessLog(params, seen(6)).status).toBe('fail');
  });
});

describe('parameters', () => {
  it.each([
    { for: 'soon' },
    { maxErrorRate: 0 },
    { paths: [] },
    { extra: 1 },
  ])('refuse %j', (given) => {
    expect(cleanLog.params.safeParse({ ...params, ...given }).success).toBe(false);
  });
});
