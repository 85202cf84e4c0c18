import {
  askStylist,
  discovery,
  followOrder,
  type Journey,
  keepPieces,
  rateOnly,
  sendBack,
  showPicture,
  trackOrder,
  writeFreely,
} from './journeys.ts';
import type { Random } from './random.ts';

/** What customers come for, as shares of all sessions. About one session in five ends with a rating. */
export const mix: readonly (readonly [share: number, journey: Journey])[] = [
  [0.57, discovery],
  [0.2, trackOrder],
  [0.12, rateOnly],
  [0.03, sendBack],
  [0.03, followOrder],
  [0.02, showPicture],
  [0.01, askStylist],
  [0.01, keepPieces],
  [0.01, writeFreely],
];

/** Nobody in a rehearsal works the stylists' queue down: no more than the shop's fifty an hour. */
const betweenStylistsMs = 72_000;

/**
 * Chooses the errand of each next customer. Stylists are asked as often as their capacity allows;
 * who would come in between looks at pieces instead. `now` in milliseconds.
 */
export function createErrands(now: () => number): (random: Random) => Journey {
  let lastAsked = Number.NEGATIVE_INFINITY;
  return (random) => {
    const journey = pickJourney(random);
    if (journey !== askStylist) return journey;
    if (now() - lastAsked < betweenStylistsMs) return discovery;
    lastAsked = now();
    return journey;
  };
}

/** The errand that a customer has by nature. */
export function pickJourney(random: Random): Journey {
  let rest = random.next();
  for (const [share, journey] of mix) {
    rest -= share;
    if (rest < 0) return journey;
  }
  return discovery;
}
