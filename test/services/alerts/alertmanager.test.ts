import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAlertmanager } from '../../../src/services/alerts/alertmanager.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startReceivers } from '../../../src/stack/receivers/start.ts';
import { Failing, failure } from '../notify/failing.ts';

// The same rules hold for a real server: name one, and its silences of a label of this test expire.
const real = process.env.AURORA_TEST_ALERTMANAGER_URL;
const never = new AbortController().signal;
const labels = { service: `concierge-${process.pid}`, team: 'a "quoted" \\ team' };

let part: RunningPart;
let failing: Failing;
let url: string;

beforeEach(async () => {
  part = await startReceivers({ httpPort: 0, smtpPort: 0 });
  failing = new Failing();
  url = real ?? part.endpoints.http ?? '';
});
afterEach(async () => {
  failing.close();
  await part.close();
});

const at = (port: number) => `http://127.0.0.1:${port}`;
const request = (ms = 60_000) => ({
  endsAt: Math.floor(Date.now() / 1_000) * 1_000 + ms,
  author: 'aurora',
  comment: 'rollback of rel-1',
});

async function post(matchers: object[]): Promise<void> {
  const answer = await fetch(`${url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers,
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
      createdBy: 'somebody',
      comment: 'not ours',
    }),
  });
  expect(answer.status).toBe(200);
}

describe('silencing alerts', () => {
  it('silences the configured labels until the given moment', async () => {
    const alerts = openAlertmanager({ url, labels });
    const wanted = request();
    const id = await alerts.silence(wanted, never);
    expect(await alerts.silences(never)).toEqual([
      { id, state: 'active', endsAt: wanted.endsAt, comment: 'rollback of rel-1' },
    ]);
    await fetch(`${url}/api/v2/silence/${id}`, { method: 'DELETE' });
    expect(await alerts.silences(never)).toMatchObject([{ id, state: 'expired' }]);
  });

  it('lists no silence that is on more, fewer, other or negated labels', async () => {
    const own = { service: `others-${process.pid}`, team: 'x' };
    const matcher = (name: string, value: string, more: object = {}) => {
      return { name, value, isRegex: false, isEqual: true, ...more };
    };
    const service = matcher('service', own.service);
    await post([service]);
    await post([service, matcher('team', 'x'), matcher('instance', '1')]);
    await post([service, matcher('team', 'y')]);
    await post([service, matcher('team', 'x', { isRegex: true })]);
    await post([service, matcher('team', 'x', { isEqual: false })]);
    const alerts = openAlertmanager({ url, labels: own });
    expect(await alerts.silences(never)).toEqual([]);
    const id = await alerts.silence(request(), never);
    expect(await alerts.silences(never)).toMatchObject([{ id }]);
  });

  it('takes an address with a path and a slash', async () => {
    expect(await openAlertmanager({ url: `${url}/`, labels }).silences(never)).toBeInstanceOf(
      Array,
    );
  });

  it('is refused with the reason when its end has passed', async () => {
    const alerts = openAlertmanager({ url, labels }, { now: () => Date.now() - 120_000 });
    expect(await failure(alerts.silence(request(-60_000), never))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('in the past'),
    });
  });
});

describe('an Alertmanager that fails', () => {
  it.each([
    [200, 'hello', 'SERVICE_ANSWER_INVALID'],
    [200, '{"silences":[]}', 'SERVICE_ANSWER_INVALID'],
    [200, '[{"id":"x"}]', 'SERVICE_ANSWER_INVALID'],
    [302, '', 'SERVICE_REFUSED'],
    [503, 'not ready', 'SERVICE_REFUSED'],
  ])('answers %i %s', async (status, body, code) => {
    const alerts = openAlertmanager({ url: at(await failing.answering(status, body)), labels });
    expect(await failure(alerts.silences(never))).toMatchObject({ code });
    expect(await failure(alerts.silence(request(), never))).toMatchObject({ code });
    expect(await alerts.health(never)).toMatchObject({ ok: false });
  });

  it('is not there', async () => {
    const alerts = openAlertmanager({ url: at(await failing.dead()), labels });
    expect(await failure(alerts.silences(never))).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    expect(await alerts.health(never)).toMatchObject({ ok: false });
  });

  it('hangs while somebody interrupts', async () => {
    const alerts = openAlertmanager({ url: at(await failing.hanging()), labels });
    const work = alerts.silence(request(), AbortSignal.timeout(50));
    expect(await failure(work)).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('health of Alertmanager', () => {
  it('names its version', async () => {
    expect(await openAlertmanager({ url, labels }).health(never)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^Alertmanager \d+\.\d+\.\d+, answers$/),
    });
  });
});
