import { describe, expect, it } from 'vitest';
import { parseMail } from '../../../src/stack/receivers/mail.ts';

describe('a mail for people', () => {
  it('has its words decoded', () => {
    const mail = parseMail(
      [
        'Subject: =?UTF-8?Q?R=C3=BCckbau_l=C3=A4uft?=',
        ' =?UTF-8?B?IOKckw==?=',
        'From: aurora@example.com',
        'To: ops@example.com',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=C3=BC=C3=9Fe =',
        'und mehr',
        '',
      ].join('\r\n'),
    );
    expect(mail).toEqual({
      subject: 'Rückbau läuft ✓',
      from: 'aurora@example.com',
      to: 'ops@example.com',
      text: 'Grüße und mehr',
    });
  });

  it('may be in base64, or have no body', () => {
    const body = Buffer.from('Grüße').toString('base64');
    expect(parseMail(`Content-Transfer-Encoding: base64\n\n${body}\n`).text).toBe('Grüße');
    expect(parseMail('Subject: only')).toMatchObject({ subject: 'only', text: '' });
  });
});
