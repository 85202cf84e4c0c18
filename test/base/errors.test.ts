import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/base/catalogue.ts';
import { AuroraError, hasCode, hasErrno, messageOf } from '../../src/base/errors.ts';

describe('an error', () => {
  it('says in one line what failed, where and what to do', () => {
    const error = new AuroraError('LEASE_HELD', 'production is held', { where: 'leases/x.json' });
    expect(error.line).toBe(
      `LEASE_HELD: production is held (leases/x.json). ${catalogue.LEASE_HELD.remedy}`,
    );
    expect(error.exitCode).toBe(7);
    expect(new AuroraError('USAGE', 'no', { remedy: 'Do so.' }).remedy).toBe('Do so.');
  });

  it('keeps its cause', () => {
    const cause = new Error('first');
    expect(new AuroraError('STORE_FAILED', 'second', { cause }).cause).toBe(cause);
  });

  it('is told apart by its code', () => {
    const error = new AuroraError('NO_DATA', 'none');
    expect(hasCode(error, 'NO_DATA')).toBe(true);
    expect(hasCode(error, 'USAGE')).toBe(false);
    expect(hasCode(new Error('NO_DATA'), 'NO_DATA')).toBe(false);
    expect(hasErrno(Object.assign(new Error('x'), { code: 'ENOENT' }), 'ENOENT')).toBe(true);
    expect(hasErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  });

  it.each([
    [new Error('boom'), 'boom'],
    ['just text', 'just text'],
    [undefined, 'undefined'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError(''), 'TypeError'],
    [new AggregateError([new Error('connect refused'), new Error('other')], ''), 'connect refused'],
  ])('has a short text whatever was thrown', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});
