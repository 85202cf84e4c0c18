import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/base/nearest.ts';

describe('the nearest word', () => {
  it.each([
    ['relese', ['release', 'resume'], 'release'],
    ['JOURNAL_BROKE', ['JOURNAL_BROKEN', 'BUILD_ALTERED'], 'JOURNAL_BROKEN'],
    ['EnvFile', ['envFile', 'connect'], 'envFile'],
    ['banana', ['envFile', 'connect'], undefined],
    ['x', [], undefined],
  ])('of %s among %j is %s', (word, known, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });

  it('forgives as many slips as it is told', () => {
    expect(nearest('2.5.0', ['1.4.0'], 1)).toBeUndefined();
    expect(nearest('1.5.0', ['1.4.0'], 1)).toBe('1.4.0');
  });

  it('is the word itself when it is known', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.nat(), (known, at) => {
        const word = known[at % known.length] ?? '';
        expect(nearest(word, known)).toBe(word);
      }),
    );
  });
});
