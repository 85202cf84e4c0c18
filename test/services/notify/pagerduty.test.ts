import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { Notice } from '../../../src/services/notify/notify.ts';
import { openPagerduty, pagerdutyEvent } from '../../../src/services/notify/pagerduty.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startReceivers } from '../../../src/stack/receivers/start.ts';
import { Failing, failure } from './failing.ts';

const key = '0123456789abcdef0123456789abcdef';
const never = new AbortController().signal;
const notice: Notice = {
  title: 'Canary red',
  body: 'p95 900 ms',
  severity: 'critical',
  key: 'rel-1',
};

let part: RunningPart;
let failing: Failing;

beforeEach(async () => {
  part = await startReceivers({ httpPort: 0, smtpPort: 0 });
  failing = new Failing();
});
afterEach(async () => {
  failing.close();
  await part.close();
});

const open = (base: string, routingKey = key) =>
  openPagerduty({
    policy: 'aurora on-call',
    url: `${base}/v2/enqueue`,
    routingKey: new Secret(routingKey, 'env:PD'),
  });
const at = (port: number) => `http://127.0.0.1:${port}`;

describe('an event for PagerDuty', () => {
  it.each([
    'info',
    'warning',
    'critical',
  ] as const)('arrives with severity %s', async (severity) => {
    const pager = open(part.endpoints.http ?? '');
    expect(await pager.send({ ...notice, severity }, never)).toBe('rel-1');
    const list = await (await fetch(`${part.endpoints.http}/received`)).json();
    expect(list).toMatchObject([
      {
        kind: 'pagerduty',
        body: {
          event_action: 'trigger',
          dedup_key: 'rel-1',
          payload: {
            summary: 'Canary red',
            source: 'aurora',
            severity,
            custom_details: { body: 'p95 900 ms' },
          },
        },
      },
    ]);
  });

  it('keeps within the limits of the API', () => {
    const event = pagerdutyEvent({ ...notice, title: 'x'.repeat(2_000), key: 'k'.repeat(300) });
    expect(event).toMatchObject({
      dedup_key: 'k'.repeat(255),
      payload: { summary: 'x'.repeat(1_024) },
    });
  });
});

describe('a PagerDuty that fails', () => {
  it('refuses a bad routing key, which the error does not show', async () => {
    const pager = open(part.endpoints.http ?? '', 'a-routing-key-too-short');
    expect(await failure(pager.send(notice, never), 'a-routing-key-too-short')).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('32 characters'),
      where: 'pagerduty aurora on-call',
    });
  });

  it('echoes the key, which the error does not show', async () => {
    const pager = open(at(await failing.answering(400, `{"errors":["bad key ${key}"]}`)));
    expect(await failure(pager.send(notice, never), key)).toMatchObject({
      code: 'SERVICE_REFUSED',
    });
  });

  it.each([
    [202, 'accepted'],
    [202, '{}'],
    [202, 'null'],
  ])('answers %i %s', async (status, body) => {
    const pager = open(at(await failing.answering(status, body)));
    expect(await failure(pager.send(notice, never), key)).toMatchObject({
      code: 'SERVICE_ANSWER_INVALID',
    });
  });

  it('is not there', async () => {
    const pager = open(at(await failing.dead()));
    expect(await failure(pager.send(notice, never), key)).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
    });
    expect(await pager.health(never)).toMatchObject({ ok: false });
  });

  it('hangs while somebody interrupts', async () => {
    const pager = open(at(await failing.hanging()));
    const work = pager.send(notice, AbortSignal.timeout(50));
    expect(await failure(work, key)).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('health of PagerDuty', () => {
  it('wakes nobody, and says what it cannot know', async () => {
    const base = part.endpoints.http ?? '';
    expect(await open(base).health(never)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('only proven by an event'),
    });
    expect(await (await fetch(`${base}/received`)).json()).toEqual([]);
  });
});
