import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fateOf,
  markText,
  ownMark,
  type ProcessMark,
  parseMark,
} from '../../src/base/process-mark.ts';

const word = fc.option(fc.string({ minLength: 1 }).filter((text) => text !== '-'));
const marks: fc.Arbitrary<ProcessMark> = fc.record({
  host: fc.string({ minLength: 1 }),
  pid: fc.integer({ min: 1, max: 2 ** 22 }),
  boot: word,
  space: word,
  started: word,
});

describe('the mark of a process', () => {
  it('is read back as it was written, whatever follows it in the line', () => {
    fc.assert(
      fc.property(marks, fc.stringMatching(/^( [a-z0-9]+)*$/), (mark, rest) => {
        expect(parseMark(`${markText(mark)}${rest}`)).toEqual(mark);
        expect(markText(mark)).not.toMatch(/\n/);
      }),
    );
  });

  it('is none in any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const mark = parseMark(text);
        if (mark !== undefined) expect(mark.pid).toBeGreaterThan(0);
      }),
    );
    for (const text of ['', '12', '0 h b s t', 'x h b s t', '1 %zz b s t']) {
      expect(parseMark(text)).toBeUndefined();
    }
  });

  it('tells what became of its process', () => {
    const own = ownMark();
    expect(fateOf(own)).toBe('alive');
    expect(fateOf({ ...own, boot: null, space: null, started: null })).toBe('alive');
    expect(fateOf({ ...own, pid: 2 ** 22 - 1 })).toBe('gone');
    expect(fateOf({ ...own, pid: 2 ** 22 - 1, host: 'other' })).toBe('elsewhere');
  });

  it.runIf(process.platform === 'linux')('knows a process by more than its id', () => {
    const own = ownMark();
    expect(fateOf({ ...own, started: '1' })).toBe('gone');
    expect(fateOf({ ...own, boot: 'earlier' })).toBe('rebooted');
    expect(fateOf({ ...own, space: 'another' })).toBe('elsewhere');
  });
});
