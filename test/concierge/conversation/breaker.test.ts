import { describe, expect, it } from 'vitest';
import { Breaker, type Ending, type Leave } from '../../../src/concierge/conversation/breaker.ts';

const slow: Ending = { ok: false, trouble: 'slow' };
const quota = (pauseMs: number): Ending => ({ ok: false, trouble: 'quota', pauseMs });

function aBreaker() {
  let now = 0;
  const breaker = new Breaker(() => now);
  const enter = (): Leave => {
    const leave = breaker.enter();
    if (typeof leave === 'string') throw new Error(`no leave: ${leave}`);
    return leave;
  };
  return {
    breaker,
    enter,
    end: (ending: Ending) => breaker.ended(enter(), ending),
    at: (ms: number) => {
      now = ms;
    },
  };
}

describe('the breaker', () => {
  it('forgives two failures, and forgets them after a success', () => {
    const { breaker, end } = aBreaker();
    for (const ending of [slow, slow, { ok: true } as const, slow, slow]) end(ending);
    expect(breaker.closedFor).toBeNull();
    end(slow);
    expect([breaker.closedFor, breaker.enter()]).toEqual(['slow', 'slow']);
  });
  it('pauses for twice as long each time that the one question fails, up to a minute', () => {
    const { breaker, end, at } = aBreaker();
    for (let n = 0; n < 3; n += 1) end(slow);
    let now = 0;
    for (const pause of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      at(now + pause - 1);
      expect(breaker.closedFor).toBe('slow');
      now += pause;
      at(now);
      expect(breaker.closedFor).toBeNull();
      end(slow);
    }
  });
  it('counts eight questions that time out together as one reason to pause', () => {
    const { breaker, enter, at } = aBreaker();
    const leaves = Array.from({ length: 8 }, enter);
    for (const leave of leaves) breaker.ended(leave, slow);
    at(5_000);
    expect(breaker.closedFor).toBeNull();
  });
  it('is not closed by a question that was asked before it opened, but held open by its wish', () => {
    const { breaker, enter, end, at } = aBreaker();
    const [early, late] = [enter(), enter()];
    end(quota(10_000));
    breaker.ended(early, { ok: true });
    expect(breaker.closedFor).toBe('quota');
    breaker.ended(late, quota(20_000));
    at(19_999);
    expect(breaker.closedFor).toBe('quota');
  });
});
