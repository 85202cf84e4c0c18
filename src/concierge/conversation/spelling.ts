/** Long enough that one wrong letter seldom makes another English word of it. */
const words = [
  'arrived bracelet bracelets capsule delivered delivery diamond earring earrings engagement',
  'exchange favorites favourites feedback inspiration necklace necklaces notify package parcel',
  'picture platinum refund repair reserve resize return shipment shipped shipping shortlist',
  'stylist tracking upload warranty wishlist yellow',
].flatMap((line) => line.split(' '));

/** Short words, where only these slips are sure. */
const slips: ReadonlyMap<string, string> = new Map([
  ['oder', 'order'],
  ['ordr', 'order'],
  ['trak', 'track'],
  ['trck', 'track'],
  ['rign', 'ring'],
  ['wher', 'where'],
  ['gld', 'gold'],
]);

/** Words of their own, one letter from a word above. */
const right = new Set(['returns', 'returned', 'pictures', 'reserved', 'repairs', 'repaired']);

const known = new Set([...words, ...right]);
const byFirstLetter = new Map<string, string[]>();
for (const word of words) {
  const first = word.charAt(0);
  byFirstLetter.set(first, [...(byFirstLetter.get(first) ?? []), word]);
}

/** Lower case, plain letters and quotes, one space, and the commonest slips put right. */
export function tidy(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’ʼ`´]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
  return plain.replace(/[a-z]{3,12}/g, spelled);
}

function spelled(word: string): string {
  if (known.has(word)) return word;
  const slip = slips.get(word);
  if (slip !== undefined) return slip;
  if (word.length < 5) return word;
  const candidates = byFirstLetter.get(word.charAt(0)) ?? [];
  return candidates.find((candidate) => isOneSlipAway(word, candidate)) ?? word;
}

/** Whether one letter too many, too few, wrong, or two swapped ones make the one from the other. */
function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const rest = (word: string, from: number) => word.slice(from);
  if (a.length > b.length) return rest(a, at + 1) === rest(b, at);
  if (a.length < b.length) return rest(a, at) === rest(b, at + 1);
  if (rest(a, at + 1) === rest(b, at + 1)) return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2);
}
