import { email as emailSchema } from '../endpoints/fields.ts';
import { tidy } from './spelling.ts';

/** What names an order or a person. Read from the customer's own words, never from a model's. */
export interface Identifiers {
  readonly orderNumber?: string;
  readonly email?: string;
  readonly postalCode?: string;
}

const numberPattern = /\b(gg|aur)[-–— ]?(\d{4,10})\b/i;
/** `order no. 12001`: the shop's numbers begin with GG, and people leave that out. */
const barePattern = /\border(?: (?:number|no\.?|nr\.?|id))?(?: is|:)? ?#? ?(\d{5})\b/i;
const emailPattern = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/;
const zipPattern = /\b\d{5}(?:-\d{4})?\b/;
const outwardInward = /\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b/i;

/** The identifiers in a text. A postal code counts only beside an address or its own name. */
export function identifiersIn(text: string): Identifiers {
  const orderNumber = orderNumberIn(text);
  const address = emailPattern.exec(text)?.[0].replace(/\.$/, '').toLowerCase();
  const email = emailSchema.safeParse(address).success ? address : undefined;
  const postalCode = postalCodeIn(text, email !== undefined);
  return {
    ...(orderNumber === undefined ? {} : { orderNumber }),
    ...(email === undefined ? {} : { email }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
}

function orderNumberIn(text: string): string | undefined {
  const [, prefix, digits] = numberPattern.exec(text) ?? [];
  if (prefix !== undefined && digits !== undefined) return `${prefix.toUpperCase()}-${digits}`;
  const bare = barePattern.exec(tidy(text))?.[1];
  return bare === undefined ? undefined : `GG-${bare}`;
}

function postalCodeIn(text: string, besideAddress: boolean): string | undefined {
  if (!besideAddress && !/\b(zip|post(al)? ?code|postcode)\b/i.test(text)) return undefined;
  const rest = withoutIdentifiers(text, { postalCodes: false });
  return (zipPattern.exec(rest) ?? outwardInward.exec(rest))?.[0].toUpperCase();
}

/**
 * The text with placeholders in place of what names a person or an order: the form in which it may leave
 * the house. Digits in a row of seven and more go too: telephones, cards.
 */
export function withoutIdentifiers(text: string, { postalCodes = true } = {}): string {
  const hidden = text
    .replace(new RegExp(emailPattern, 'g'), '[email]')
    .replace(new RegExp(numberPattern, 'gi'), '[order number]')
    .replace(new RegExp(barePattern, 'gi'), '[order number]')
    .replace(/\+?\d(?:[\s().-]{0,2}\d){6,}/g, '[number]');
  if (!postalCodes) return hidden;
  const named =
    /\b((?:zip|post(?:al)? ?code|postcode)(?: is|:)?) ?[a-z\d]{2,5}(?:[ -]?[a-z\d]{3,4})?\b/gi;
  return hidden.replace(named, '$1 [postal code]');
}
