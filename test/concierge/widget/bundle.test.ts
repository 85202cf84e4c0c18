import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { widgetOf } from '../../browser/support/bundle.ts';

const kilobyte = 1_000;

describe('the widget bundle', () => {
  it('stays below 25 kB on the wire, and asks for nothing from elsewhere', async () => {
    const { content } = await widgetOf('1.4.0');
    const size = gzipSync(content).length;
    expect(size).toBeGreaterThan(kilobyte);
    expect(size).toBeLessThan(25 * kilobyte);
    const text = content.toString();
    // The name space of drawings is a word, not an address that anything is loaded from.
    const addresses = text.match(/https?:\/\/[\w./-]+/g) ?? [];
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|localStorage|\beval\(/);
  });
});
