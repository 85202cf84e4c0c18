import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEmail } from '../../../src/services/notify/email.ts';
import type { Notice } from '../../../src/services/notify/notify.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startReceivers } from '../../../src/stack/receivers/start.ts';
import { Failing, failure } from './failing.ts';

const never = new AbortController().signal;
const notice: Notice = {
  title: 'Rückbau läuft\r\nBcc: everybody@example.com',
  body: 'Zeile eins\n.\nZeile drei — grün',
  severity: 'warning',
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

const open = (port: number, timeoutMs = 5_000) =>
  openEmail({
    host: '127.0.0.1',
    port,
    from: 'aurora@glowglitch.com',
    to: ['ops@glowglitch.com', 'leo@glowglitch.com'],
    timeoutMs,
  });
const mailPort = () => Number(new URL(part.endpoints.smtp ?? '').port);

describe('an e-mail', () => {
  it('arrives whole, at its recipients and nobody else', async () => {
    const email = open(mailPort());
    expect(email).toMatchObject({
      kind: 'email',
      audience: 'ops@glowglitch.com, leo@glowglitch.com',
    });
    expect(await email.send(notice, never)).toMatch(/^<.+@.+>$/);
    const list = await (await fetch(`${part.endpoints.http}/received`)).json();
    expect(list).toMatchObject([
      {
        kind: 'email',
        body: {
          envelope: {
            from: 'aurora@glowglitch.com',
            to: ['ops@glowglitch.com', 'leo@glowglitch.com'],
          },
          subject: expect.stringMatching(
            /^\[warning\] Rückbau läuft\s+Bcc: everybody@example.com$/,
          ),
          text: 'Zeile eins\n.\nZeile drei — grün\n\nrel-1',
          source: expect.stringMatching(/^X-Aurora-Key: rel-1\r?$/im),
        },
      },
    ]);
  });
});

describe('a mail server that fails', () => {
  it('is not there', async () => {
    const email = open(await failing.dead());
    expect(await failure(email.send(notice, never))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await email.health(never)).toMatchObject({ ok: false });
  });

  it('refuses', async () => {
    const email = open(await failing.hanging('554 no service for you\r\n'));
    expect(await failure(email.send(notice, never))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('no service for you'),
    });
  });

  it('talks nonsense', async () => {
    const email = open(await failing.hanging('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failure(email.send(notice, never))).toMatchObject({
      code: expect.stringMatching(/^SERVICE_/),
    });
  });

  it('hangs, and no connection to it stays open', async () => {
    const email = open(await failing.hanging(), 200);
    expect(await failure(email.send(notice, never))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: 'no answer within 200 ms',
    });
    await vi.waitFor(() => expect(failing.open).toBe(0));
  });

  it('hangs while somebody interrupts', async () => {
    const email = open(await failing.hanging('220 hello\r\n'));
    const stop = new AbortController();
    const work = failure(email.send(notice, stop.signal));
    await vi.waitFor(() => expect(failing.open).toBe(1));
    stop.abort(new Error('interrupted by a person'));
    expect(await work).toMatchObject({ message: 'interrupted by a person' });
    await vi.waitFor(() => expect(failing.open).toBe(0));
  });
});

describe('health of the mail server', () => {
  it('sends nothing', async () => {
    expect(await open(mailPort()).health(never)).toMatchObject({ ok: true });
    expect(await (await fetch(`${part.endpoints.http}/received`)).json()).toEqual([]);
  });
});
