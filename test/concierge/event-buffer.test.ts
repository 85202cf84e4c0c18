import { describe, expect, it, vi } from 'vitest';
import { EventBuffer } from '../../src/concierge/analytics/event-buffer.ts';
import type { AnalyticsEvent } from '../../src/concierge/analytics/events.ts';

const event = (n: number): AnalyticsEvent => ({
  event: 'aurora_order_tracked',
  timestamp: new Date(0),
  sessionId: `sess_${n}`,
  requestId: `req_${n}`,
  environment: 'dev',
  build: 'b',
});

/** A destination that is away until told otherwise. */
function destination() {
  const written: string[] = [];
  const state = { away: false, failures: 0, batches: 0 };
  const write = async (events: readonly AnalyticsEvent[]) => {
    if (state.away) throw new Error('away');
    state.batches += 1;
    written.push(...events.map(({ requestId }) => requestId));
  };
  const onFailure = () => {
    state.failures += 1;
  };
  return { written, state, write, onFailure };
}

describe('event buffer', () => {
  it('writes many events in one batch, in order', async () => {
    const { written, state, write, onFailure } = destination();
    const buffer = new EventBuffer({ write, onFailure, flushMs: 5 });
    for (let n = 0; n < 300; n += 1) buffer.emit(event(n));
    await vi.waitFor(() => expect(written).toHaveLength(300));
    expect(state.batches).toBe(1);
    expect(written[299]).toBe('req_299');
  });
  it('keeps events while the database is away and writes them when it is back', async () => {
    const { written, state, write, onFailure } = destination();
    state.away = true;
    const buffer = new EventBuffer({ write, onFailure, flushMs: 5 });
    buffer.emit(event(1));
    await vi.waitFor(() => expect(state.failures).toBeGreaterThan(1));
    buffer.emit(event(2));
    state.away = false;
    await vi.waitFor(() => expect(written).toEqual(['req_1', 'req_2']));
  });
  it('gives up the oldest when too many wait, and counts them', async () => {
    const { written, state, write, onFailure } = destination();
    state.away = true;
    const buffer = new EventBuffer({ write, onFailure, flushMs: 5, capacity: 3 });
    for (let n = 0; n < 5; n += 1) buffer.emit(event(n));
    state.away = false;
    await buffer.close();
    expect(written).toEqual(['req_2', 'req_3', 'req_4']);
    expect(buffer.dropped).toBe(2);
  });
  it('writes what waits when it closes, and ends although the database is away', async () => {
    const { written, state, write, onFailure } = destination();
    const buffer = new EventBuffer({ write, onFailure, flushMs: 60_000 });
    buffer.emit(event(1));
    await buffer.close();
    expect(written).toEqual(['req_1']);
    state.away = true;
    buffer.emit(event(2));
    await buffer.close();
    expect(state.failures).toBe(1);
  });
});
