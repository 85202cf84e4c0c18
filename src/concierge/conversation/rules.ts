import type { Intent } from '../messages.ts';
import { certainPiece, hints, owned } from './hints.ts';
import { identifiersIn, withoutIdentifiers } from './identifiers.ts';
import { intents, type Parameters, parametersFor } from './intents.ts';
import { tidy } from './spelling.ts';
import { wishesIn } from './wishes.ts';

/** What somebody made of a text. */
export interface Reading {
  /** Null: nothing that the concierge can do was found in it. */
  readonly intent: Intent | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly parameters: Parameters;
}

/** From here on the rules are sure, and nobody else is asked. */
export const certain = 0.9;
/** Below this a guess would more often annoy than help. */
const worthSaying = 0.5;

const decisive = 3;
const clearLead = 2;

/** Reads a text by turns of phrase. English; at once; the same text always gives the same reading. */
export function readByRules(text: string): Reading {
  const tidied = tidy(withoutIdentifiers(text));
  const wishes = wishesIn(tidied);
  const scores = intents.map((intent) => {
    const found = hints[intent].filter(([, pattern]) => pattern.test(tidied));
    const sum = found.reduce((total, [weight]) => total + weight, 0);
    return { intent, score: sum + (intent === 'find_product' ? wishScore(tidied, wishes) : 0) };
  });
  const [best, next] = scores.sort((a, b) => b.score - a.score);
  if (best === undefined || next === undefined) return nothing;
  const confidence = confidenceOf(best.score, next.score);
  if (confidence < worthSaying) return { ...nothing, confidence };
  return { intent: best.intent, confidence, parameters: parametersIn(text, best.intent) };
}

/** What a text says besides its intent, whoever found that. */
export function parametersIn(text: string, intent: Intent): Parameters {
  const tidied = tidy(withoutIdentifiers(text));
  const found = { ...identifiersIn(text), ...wishesIn(tidied), ...detailsOf(intent, tidied) };
  return parametersFor(intent, found);
}

const nothing: Reading = { intent: null, confidence: 0, parameters: {} };

function wishScore(text: string, wishes: Parameters): number {
  if (owned.test(text)) return 0;
  const { category, metal, priceMin, priceMax, readyToShip } = wishes;
  const price = priceMin ?? priceMax;
  return (
    (category === undefined ? 0 : certainPiece.test(text) ? 1 : 3) +
    (metal === undefined ? 0 : 1) +
    (price === undefined ? 0 : 2) +
    (readyToShip === undefined ? 0 : 1)
  );
}

function confidenceOf(best: number, next: number): number {
  if (best === 0) return 0;
  const lead = best - next;
  if (best >= decisive && lead >= clearLead) return 0.95;
  if (best >= decisive && lead > 0) return 0.7;
  if (best >= 2 && lead > 0) return 0.5;
  return 0.3;
}

function detailsOf(intent: Intent, text: string): Parameters {
  if (intent === 'return_exchange') {
    const option = returnOption(text);
    return option === undefined ? {} : { option };
  }
  if (intent === 'csat') {
    const rating = ratingIn(text);
    return rating === undefined ? {} : { rating };
  }
  if (intent !== 'order_updates_subscribe') return {};
  if (/\b(text|sms|mobile|phone)\b/.test(text)) return { channel: 'sms' };
  return /\b(e-?mail|mail)\b|\[email\]/.test(text) ? { channel: 'email' } : {};
}

const back = /\b(refund\w*|money back|return\w*|exchang\w*|swap|back)\b/;
const resize =
  /\b(resiz\w*|too (big|small|tight|loose|large)|size (up|down)|wrong size|\w+er size|different size|fit)\b/;
const care =
  /\b(repair\w*|fix\w*|broken?|polish\w*|clean\w*|warranty|scratched|damaged|tarnish\w*|fell (out|off)|came (off|loose))\b/;

function returnOption(text: string): Parameters['option'] {
  // Who wants their money back wants that, whatever the reason.
  if (back.test(text)) return 'return';
  if (resize.test(text)) return 'resize';
  return care.test(text) ? 'care' : undefined;
}

function ratingIn(text: string): Parameters['rating'] {
  if (
    /\b(terrible|awful|bad|poor|lousy|useless|unhelpful|not (very |so |really )?\w+)\b/.test(text)
  ) {
    return 'needs_follow_up';
  }
  return /\b(great|good|excellent|amazing|fantastic|lovely|wonderful|helpful|perfect|brilliant|thanks|thank you)\b/.test(
    text,
  )
    ? 'great'
    : undefined;
}
