/** A JSON object whose fields are not known to be right. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The value as a list; an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The texts of a list. */
export function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? []);
}

/** An address that may stand in a link: https, or of this page's own origin. */
export function linkOf(value: unknown): string | undefined {
  const address = textOf(value);
  if (address === undefined) return undefined;
  try {
    const url = new URL(address, location.href);
    return url.protocol === 'https:' || url.origin === location.origin ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const day = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'long' });
const moment = new Intl.DateTimeFormat('en-US', {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

function dateText(value: unknown, format: Intl.DateTimeFormat): string | undefined {
  const date = new Date(textOf(value) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : format.format(date);
}

/** `May 4` of an ISO date; undefined when it is none. */
export function dayOf(value: unknown): string | undefined {
  return dateText(value, day);
}

/** `May 4, 3:10 PM` of an ISO date; undefined when it is none. */
export function momentOf(value: unknown): string | undefined {
  return dateText(value, moment);
}

/** `$3,850` of a price; undefined when price or currency make no sense. */
export function priceOf(price: unknown, currency: unknown): string | undefined {
  if (typeof price !== 'number' || !Number.isFinite(price)) return undefined;
  const whole = Number.isInteger(price) ? { maximumFractionDigits: 0 } : {};
  try {
    const code = textOf(currency) ?? 'USD';
    return new Intl.NumberFormat('en-US', { style: 'currency', currency: code, ...whole }).format(
      price,
    );
  } catch {
    return undefined;
  }
}
