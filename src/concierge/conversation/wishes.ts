import type { Parameters } from './intents.ts';

type Wishes = Pick<Parameters, 'category' | 'metal' | 'priceMin' | 'priceMax' | 'readyToShip'>;

const categoryWords: readonly (readonly [RegExp, NonNullable<Wishes['category']>])[] = [
  [/\b(ear ?rings?|studs?|hoops?)\b/, 'earrings'],
  [/\b(necklaces?|pendants?|chains?|chokers?|lockets?)\b/, 'necklace'],
  [/\b(bracelets?|bangles?|cuffs?)\b/, 'bracelet'],
  [/\b(rings?|bands?|signets?|solitaires?)\b/, 'ring'],
];

const metalWords: readonly (readonly [RegExp, NonNullable<Wishes['metal']>])[] = [
  [/\b(platinum|plat)\b/, 'platinum'],
  [/\b(rose|pink|red)[- ]?gold\b|\brose\b/, '14k_rose'],
  [/\bwhite[- ]?gold\b/, '14k_white'],
  [/\b(yellow[- ]?gold|yellow|14 ?k(t|arat)?( gold)?|gold(en)?)\b/, '14k_yellow'],
];

const amount = String.raw`(?:\$|usd|us\$|€|£)? ?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)( ?k\b| ?grand\b)?`;
const upTo =
  'under|below|less than|up to|no more than|at most|max(?:imum)?(?: of)?|cheaper than|within';
const budget = 'budget(?: is| of|:)?(?: about| around)?';
const from = 'over|above|more than|at least|min(?:imum)?(?: of)?|starting (?:at|from)';
const between = new RegExp(`\\b(?:between|from)? ?${amount} ?(?:and|to|-|–) ?${amount}`);
const most = new RegExp(`(?:\\b(?:${upTo}|${budget})|<) ?${amount}`);
const least = new RegExp(`(?:\\b(?:${from})|>) ?${amount}`);
const about = new RegExp(`\\b(?:around|about|roughly|approximately|near) ?${amount}`);
/** Of a price that is only about right. */
const leeway = 0.2;

/** What a piece should be like, from a tidied text without order numbers. */
export function wishesIn(text: string): Wishes {
  const category = categoryWords.find(([pattern]) => pattern.test(text))?.[1];
  const metal = metalWords.find(([pattern]) => pattern.test(text))?.[1];
  const ready =
    /\b(ready to ship|in stock|ships? (today|now|soon|immediately|right away)|right away|asap|by tomorrow)\b/;
  return {
    ...(category === undefined ? {} : { category }),
    ...(metal === undefined ? {} : { metal }),
    ...(ready.test(text) ? { readyToShip: true as const } : {}),
    ...pricesIn(text),
  };
}

function pricesIn(text: string): Pick<Wishes, 'priceMin' | 'priceMax'> {
  const range = between.exec(text);
  const low = dollars(range?.[1], range?.[2] ?? range?.[4]);
  const high = dollars(range?.[3], range?.[4]);
  if (low !== undefined && high !== undefined && low < high) {
    return { priceMin: low, priceMax: high };
  }
  const near = about.exec(text);
  const middle = /\bbudget\b/.test(text) ? undefined : dollars(near?.[1], near?.[2]);
  if (middle !== undefined) {
    const rounded = (share: number) => Math.round(middle * share);
    return { priceMin: rounded(1 - leeway), priceMax: rounded(1 + leeway) };
  }
  const top = most.exec(text);
  const bottom = least.exec(text);
  const priceMax = dollars(top?.[1], top?.[2]);
  const priceMin = dollars(bottom?.[1], bottom?.[2]);
  return {
    ...(priceMin === undefined ? {} : { priceMin }),
    ...(priceMax === undefined ? {} : { priceMax }),
  };
}

/** Below fifty it is a size, a carat or a number of days, not a price of this shop. */
const cheapest = 50;

function dollars(digits: string | undefined, thousand: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  const value = Number(digits.replaceAll(',', '')) * (thousand === undefined ? 1 : 1_000);
  return Number.isFinite(value) && value >= cheapest && value <= 1_000_000 ? value : undefined;
}
