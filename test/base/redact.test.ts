import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuroraError, messageOf } from '../../src/base/errors.ts';
import { redact, rememberSecret } from '../../src/base/redact.ts';
import { redactJson } from '../../src/base/redact-json.ts';
import { revealed, Secret } from '../../src/base/secret.ts';

describe('redaction', () => {
  it('blanks out a remembered value wherever it stands', () => {
    rememberSecret('hunter22-and-more');
    expect(redact('key=hunter22-and-more, again hunter22-and-more.')).toBe(
      'key=[secret], again [secret].',
    );
  });

  it('knows the value in a query and inside JSON', () => {
    rememberSecret('pa ss/w"ord\n1');
    expect(redact(`?token=${encodeURIComponent('pa ss/w"ord\n1')}&x=1`)).toBe(
      '?token=[secret]&x=1',
    );
    expect(redact(JSON.stringify({ token: 'pa ss/w"ord\n1' }))).toBe('{"token":"[secret]"}');
  });

  it('leaves no end of a long secret that begins with a short one', () => {
    rememberSecret('prefix-key');
    rememberSecret('prefix-key-of-production');
    expect(redact('it is prefix-key-of-production')).toBe('it is [secret]');
  });

  it('leaves words alone that are too short to be searched for', () => {
    rememberSecret('abc');
    expect(redact('the abc of it')).toBe('the abc of it');
  });

  it.each([
    ['redis://:open-sesame@cache:6379/0', 'redis://:[secret]@cache:6379/0'],
    ['mongodb+srv://app:s3cret@db.example/aurora', 'mongodb+srv://app:[secret]@db.example/aurora'],
    ['http://u:p@ss@host/path', 'http://u:[secret]@host/path'],
    [
      'see https://a:b@c/d and https://e:f@g/h',
      'see https://a:[secret]@c/d and https://e:[secret]@g/h',
    ],
    ['{"a":"https://u:p@h","b":"x@y"}', '{"a":"https://u:[secret]@h","b":"x@y"}'],
    ['https://host/path?mail=a@b', 'https://host/path?mail=a@b'],
    ['mail to test@example.com', 'mail to test@example.com'],
  ])('hides the password in %s', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it.each([
    'mongodb://127.0.0.1:27017/aurora',
    'redis://127.0.0.1:6379',
    'mongodb+srv://db.example',
  ])('keeps the address %s readable: there is nothing in it to hide', (address) => {
    rememberSecret(address);
    expect(redact(`connected to ${address}`)).toBe(`connected to ${address}`);
  });

  it('hides an address with a password among its options', () => {
    rememberSecret('redis://cache:6379?password=open-sesame');
    expect(redact('at redis://cache:6379?password=open-sesame')).toBe('at [secret]');
  });

  it('never lets any remembered value through, alone or in company', () => {
    const value = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        rememberSecret(secret);
        fc.pre(!'[secret]'.includes(secret) && !`${before}[secret]${after}`.includes(secret));
        expect(redact(before + secret + after)).not.toContain(secret);
      }),
      { numRuns: 100 },
    );
  });

  it('goes through values of JSON, however deep, and keeps keys, numbers and null', () => {
    rememberSecret('deep-secret-value');
    expect(
      redactJson({ a: ['x deep-secret-value', { b: 'deep-secret-value' }], n: 1, none: null }),
    ).toEqual({ a: ['x [secret]', { b: '[secret]' }], n: 1, none: null });
  });
});

describe('a secret', () => {
  const secret = new Secret('do-not-print-me', 'vault:aurora-prod-api-key#value');

  it('prints in no form', () => {
    const prints = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
      `${Object.values(secret)}`,
    ];
    expect(prints.join(' ')).not.toContain('do-not-print-me');
    expect(inspect(secret)).toBe('[secret vault:aurora-prod-api-key#value]');
  });

  it('is told only when it is asked for', () => {
    expect(secret.reveal()).toBe('do-not-print-me');
    expect(revealed(secret)).toBe('do-not-print-me');
    expect(revealed('plain')).toBe('plain');
  });

  it('is blanked out in errors from then on, wherever in them it stands', () => {
    const error = new AuroraError('SERVICE_REFUSED', 'bad key do-not-print-me', {
      where: 'https://host/?key=do-not-print-me',
      remedy: 'replace do-not-print-me',
      cause: new Error('do-not-print-me'),
    });
    expect([error.message, error.where, error.remedy, error.line].join()).not.toContain('do-not');
    expect(messageOf(error.cause)).toBe('[secret]');
  });
});
