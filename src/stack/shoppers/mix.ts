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
} from './journeys.ts';
import type { Random } from './random.ts';

/** What customers come for, as shares of all sessions. About one session in five ends with a rating. */
export const mix: readonly (readonly [share: number, journey: Journey])[] = [
  [0.58, discovery],
  [0.2, trackOrder],
  [0.12, rateOnly],
  [0.03, sendBack],
  [0.03, followOrder],
  [0.02, showPicture],
  [0.01, askStylist],
  [0.01, keepPieces],
];

/** The errand of the next customer. */
export function pickJourney(random: Random): Journey {
  let rest = random.next();
  for (const [share, journey] of mix) {
    rest -= share;
    if (rest < 0) return journey;
  }
  return discovery;
}
