import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { Notice } from '../../../src/services/notify/notify.ts';
import { openSlack, slackText } from '../../../src/services/notify/slack.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startReceivers } from '../../../src/stack/receivers/start.ts';
import { Failing, failure } from './failing.ts';

const hook = 'hook-secret-4242';
const never = new AbortController().signal;
const notice: Notice = {
  title: 'Rolled back',
  body: '**p95** of [products](https://grafana.example/d?a=1) was 900 ms',
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

const open = (base: string, rest = '', timeoutMs = 5_000) =>
  openSlack({
    channel: '#aurora-ops',
    webhook: new Secret(`${base}/slack/${hook}${rest}`, 'env:HOOK'),
    timeoutMs,
  });
const at = (port: number) => `http://127.0.0.1:${port}`;

describe('a message to Slack', () => {
  it('arrives in the words of Slack', async () => {
    const slack = open(part.endpoints.http ?? '');
    expect(slack).toMatchObject({
      kind: 'slack',
      audience: '#aurora-ops',
      label: 'slack #aurora-ops',
    });
    expect(await slack.send(notice, never)).toBe('ok');
    const list = await (await fetch(`${part.endpoints.http}/received`)).json();
    expect(list).toMatchObject([
      {
        kind: 'slack',
        body: {
          text: ':rotating_light: *Rolled back*\n*p95* of <https://grafana.example/d?a=1|products> was 900 ms\n_rel-1_',
        },
      },
    ]);
  });

  it('cannot mention anybody or make a link of its own', () => {
    const text = slackText({ ...notice, title: '<!channel> & <@U1>', body: '<https://evil|bank>' });
    expect(text).toContain('*&lt;!channel&gt; &amp; &lt;@U1&gt;*');
    expect(text).toContain('&lt;https://evil|bank&gt;');
  });

  it('is cut where Slack would refuse it', () => {
    expect(slackText({ ...notice, body: 'x'.repeat(50_000) }).length).toBeLessThan(40_000);
  });
});

describe('a Slack that fails', () => {
  it.each([
    ['refuses with its reason', 404, 'no_service', 'SERVICE_REFUSED', 'no_service'],
    ['asks for patience', 429, 'rate_limited', 'SERVICE_REFUSED', '429'],
    ['is something else', 200, '<html>log in</html>', 'SERVICE_ANSWER_INVALID', 'not Slack'],
  ])('%s', async (_, status, body, code, message) => {
    const slack = open(at(await failing.answering(status, body)));
    expect(await failure(slack.send(notice, never), hook)).toMatchObject({
      code,
      message: expect.stringContaining(message),
      where: 'slack #aurora-ops',
    });
  });

  it('never shows the webhook, not with a query behind it either', async () => {
    const dead = at(await failing.dead());
    for (const rest of ['', '?extra=1', '#fragment']) {
      expect(await failure(open(dead, rest).send(notice, never), hook)).toMatchObject({
        code: 'SERVICE_UNREACHABLE',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    }
  });

  it('is given up after its time', async () => {
    const slack = open(at(await failing.hanging()), '', 200);
    expect(await failure(slack.send(notice, never), hook)).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: 'no answer within 200 ms',
    });
  });

  it('ends with the reason of the signal', async () => {
    const slack = open(at(await failing.hanging()));
    const stop = new AbortController();
    const work = failure(slack.send(notice, stop.signal), hook);
    await vi.waitFor(() => expect(failing.open).toBe(1));
    stop.abort(new Error('interrupted by a person'));
    expect(await work).toMatchObject({ message: 'interrupted by a person' });
  });

  it.each([
    'no address with hook-secret-4242',
    'ftp://127.0.0.1/hook-secret-4242',
  ])('is refused at once with the address %s', async (address) => {
    const opening = async () =>
      openSlack({ channel: '#x', webhook: new Secret(address, 'env:HOOK') });
    expect(await failure(opening(), hook)).toMatchObject({
      code: 'CONFIG_INVALID',
      where: 'env:HOOK',
    });
  });
});

describe('health of Slack', () => {
  it('writes nothing, and says what it cannot know', async () => {
    const base = part.endpoints.http ?? '';
    expect(await open(base).health(never)).toEqual({
      ok: true,
      detail: `${base} is reachable; the webhook itself is only proven by a message`,
    });
    expect(await (await fetch(`${base}/received`)).json()).toEqual([]);
  });

  it('says that it is not reachable', async () => {
    expect(await open(at(await failing.dead())).health(never)).toMatchObject({ ok: false });
  });
});
