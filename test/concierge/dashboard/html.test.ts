import { describe, expect, it } from 'vitest';
import { html, type Part, raw } from '../../../src/concierge/dashboard/html.ts';
import { count, money, relative, share, utc } from '../../../src/concierge/dashboard/words.ts';

describe('a piece of a page', () => {
  it('escapes what is put in, between tags and in attributes, and nothing twice', () => {
    const evil = `"><script>alert('x')</script>&`;
    const inner = html`<b title="${evil}">${evil}</b>`;
    const safe = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;';
    expect(inner.text).toBe(`<b title="${safe}">${safe}</b>`);
    expect(html`<p>${inner}</p>`.text).toBe(`<p>${inner.text}</p>`);
  });

  it('leaves out what is not there, and joins lists', () => {
    const items: readonly Part[] = ['<a>', raw('<hr>'), null, undefined, false, 0];
    expect(html`[${items}]`.text).toBe('[&lt;a&gt;<hr>0]');
  });
});

describe('words', () => {
  const now = Date.parse('2026-11-22T11:30:00Z');
  const min = 60_000;

  it('say how far a moment is, in its two largest units', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0, 'just now'],
      [-59_999, 'just now'],
      [-min, '1 min ago'],
      [59 * min, 'in 59 min'],
      [-60 * min, '1 h ago'],
      [-(23 * 60 + 59) * min, '23 h 59 min ago'],
      [24 * 60 * min, 'in 1 d'],
      [-13.5 * 24 * 60 * min, '13 d 12 h ago'],
      [-14.5 * 24 * 60 * min, '14 d ago'],
    ];
    for (const [away, words] of cases) expect(relative(now + away, now)).toBe(words);
  });

  it('say moments in UTC, and numbers as people read them', () => {
    expect(utc(new Date('2026-03-05T00:07:00Z'))).toBe('5 Mar 2026, 00:07');
    expect(count(1234567)).toBe('1,234,567');
    expect([share(1, 3), share(0, 0)]).toEqual(['33.3 %', '–']);
    expect([money(1480), money(12.5, 'EUR'), money(undefined)]).toEqual(['$1,480', '€12.50', '–']);
    expect(money(5, 'no currency')).toBe('5 no currency');
  });
});
