import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { symbolsFor } from '../../src/ui/symbols.ts';
import { padEnd, textWidth, truncate, wrap } from '../../src/ui/text.ts';

describe('the width of a text', () => {
  it('is what the library says, for every character that has none of its own way', () => {
    for (let code = 0x20; code < 0x3000; code += 1) {
      const text = `a${String.fromCodePoint(code)}b`;
      expect(textWidth(text), `U+${code.toString(16)}`).toBe(stringWidth(text));
    }
  });

  it.each([
    ['日本', 4],
    ['👍🏽 ok', 5],
    ['e\u0301', 1],
    ['\u001b[32mgo\u001b[39m', 2],
    ['soft\u00adhyphen', 10],
  ])('counts columns, not characters: %s', (text, width) => {
    expect(textWidth(text)).toBe(width);
    expect(textWidth(padEnd(text, 20))).toBe(20);
  });

  it('is one column for each of the symbols', () => {
    const { spinner, levels, ...symbols } = symbolsFor(true);
    for (const symbol of [...spinner, ...levels, ...Object.values(symbols)]) {
      expect(textWidth(symbol), symbol).toBe(1);
    }
  });
});

describe('a text that is too wide', () => {
  it('is cut between the characters that people see', () => {
    expect(truncate('日本語の名前', 7, '…')).toBe('日本語…');
    expect(truncate('a plain one', 7, '...')).toBe('a pl...');
  });

  it('is wrapped between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });
});
