import type { Fields } from './data.ts';
import type { Intent } from './intents.ts';
import type { Shortlist } from './shortlist.ts';
import type { Tell } from './telemetry.ts';

/** How a customer rates. */
export type Rating = 'great' | 'needs_follow_up';

/** What views may ask for: the conversation stands behind it. */
export interface Desk {
  readonly shortlist: Shortlist;
  readonly tell: Tell;
  /** This session's rating; undefined before it gave one. */
  readonly rating: Rating | undefined;
  watchRating(watcher: () => void): void;
  /** Begins an intent. `source` says where: the menu, an offer, a text. */
  begin(intent: Intent, source: string, known?: Readonly<Record<string, string>>): void;
  rate(rating: Rating): void;
  /** Puts a piece on the shortlist or takes it off. */
  pick(productId: string, card: Fields): void;
  /** The form that hands over to a person, folded where it is only an offer. */
  escalation(payload: Fields): HTMLElement;
}
