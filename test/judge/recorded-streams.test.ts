import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordedStreams } from '../../src/app/backtest/sources.ts';
import { replayRelease } from '../../src/judge/backtest/replay.ts';
import { shippedSlo } from './readings.ts';

/** Healthy canaries as `npm run soak -- --record` has seen them on the local stack. */
const directory = fileURLToPath(new URL('../fixtures/canary-streams', import.meta.url));
const streams = await recordedStreams(directory);

/** How many there are at least: a stream that got lost must not make the others look better. */
const fewest = 20;
/** Of twenty healthy canaries as many may hold. */
const mostHeld = 2;

const endings = streams.map(({ id, watches }) => ({ id, ...replayRelease(shippedSlo, watches) }));
const ended = (...ends: readonly string[]) => endings.filter(({ end }) => ends.includes(end));

describe('recorded healthy canaries under the shipped bands', () => {
  it('are all there', () => {
    expect(streams.length).toBeGreaterThanOrEqual(fewest);
  });

  it('are never rolled back', () => {
    expect(ended('red')).toEqual([]);
  });

  it('are judged whole: the recording tells every metric, to the end of the watch', () => {
    expect(ended('not-judged', 'cut-off')).toEqual([]);
  });

  it('hold twice in twenty at most', () => {
    const held = ended('amber');
    expect(held.length, held.map(({ id, why }) => `${id}: ${why}`).join('\n')).toBeLessThanOrEqual(
      mostHeld,
    );
  });
});
