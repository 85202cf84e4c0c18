import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import {
  type Change,
  changeLine,
  type HttpChange,
  Later,
  type Prepared,
  sendAll,
  sentValue,
  shownChange,
} from '../../src/services/change.ts';
import { requestOf } from '../../src/services/http/send-change.ts';

const token = new Secret('token-0123456789', 'env:TOKEN');
const change: HttpChange = {
  via: 'http',
  service: 'somebody',
  method: 'POST',
  url: 'http://127.0.0.1:1/x',
  headers: { authorization: token, accept: 'application/json' },
  body: { key: token, list: [1, null, { deep: token }], at: new Later('the address') },
};

describe('a change', () => {
  it('shows neither secrets nor what is not known yet, wherever they are in it', () => {
    expect(shownChange(change)).toEqual({
      via: 'http',
      service: 'somebody',
      method: 'POST',
      url: 'http://127.0.0.1:1/x',
      headers: { authorization: '<secret>', accept: 'application/json' },
      body: { key: '<secret>', list: [1, null, { deep: '<secret>' }], at: '<the address>' },
    });
    expect(changeLine(change)).toBe(
      'POST http://127.0.0.1:1/x {"key":"<secret>","list":[1,null,{"deep":"<secret>"}],"at":"<the address>"}',
    );
    expect(`${inspect(change, { depth: 9 })}${JSON.stringify(change)}`).not.toContain('0123456789');
  });

  it('becomes a request with all of it in the open, once everything is known', () => {
    const at = new Later('the address');
    const body = { key: token, at };
    expect(() => requestOf({ ...change, body })).toThrow('not known yet: the address');
    at.settle('http://127.0.0.1:2');
    expect(requestOf({ ...change, body })).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:1/x',
      headers: { authorization: 'token-0123456789', accept: 'application/json' },
      body: { key: 'token-0123456789', at: 'http://127.0.0.1:2' },
    });
    expect(sentValue([false, 0, '', null])).toEqual([false, 0, '', null]);
  });

  it('tells of a secret address no more than its origin', () => {
    const url = new Secret('https://hooks.example.com/services/T/B/abc', 'env:HOOK');
    expect(changeLine({ ...change, url, body: 1 })).toBe(
      'POST https://hooks.example.com/<secret> 1',
    );
    const nonsense = new Secret('nonsense', 'env:HOOK');
    expect(shownChange({ ...change, url: nonsense })).toHaveProperty('url', '<secret>');
  });

  it.each<[string, Change]>([
    ['UNLINK <keys> on redis', { via: 'redis', service: 'redis', argv: ['UNLINK', '<keys>'] }],
    ['write incident.md', { via: 'file', path: 'incident.md' }],
    ['run node x.mjs', { via: 'command', argv: ['node', 'x.mjs'], directory: '/' }],
  ])('is one line: %s', (line, one) => {
    expect(changeLine(one)).toBe(line);
    expect(shownChange(one)).toEqual(one);
  });
});

describe('sending several', () => {
  it('goes in their order and ends with the first that fails', async () => {
    const sent: string[] = [];
    const one = (name: string, fails = false): Prepared => ({
      changes: [],
      send: async () => {
        sent.push(name);
        if (fails) throw new Error(`no ${name}`);
      },
    });
    const all = [one('a'), one('b', true), one('c')];
    await expect(sendAll(all, new AbortController().signal)).rejects.toThrow('no b');
    expect(sent).toEqual(['a', 'b']);
  });
});
