import { dateOf } from '../endpoints/order-timeline.ts';
import { type Html, html } from './html.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const exactly = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** A moment in UTC as people read it: `22 Nov 2026, 11:30`. */
export function utc(date: Date): string {
  return exactly.format(date);
}

/** How far a moment is from now: `in 3 h 20 min`, `12 min ago`, `just now`. */
export function relative(at: number, now: number): string {
  const away = Math.abs(at - now);
  if (away < minute) return 'just now';
  const length = span(away);
  return at > now ? `in ${length}` : `${length} ago`;
}

/** A length of time in its two largest units: `2 d 4 h`, `3 h 20 min`, `12 min`. */
function span(ms: number): string {
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return pair(Math.floor(ms / hour), 'h', Math.floor((ms % hour) / minute), 'min');
  const days = Math.floor(ms / day);
  return days >= 14 ? `${days} d` : pair(days, 'd', Math.floor((ms % day) / hour), 'h');
}

const pair = (large: number, unit: string, small: number, smaller: string) =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;

/** A moment for a page: relative first, and exactly beside it. A dash when there is none. */
export function moment(value: unknown, now: number): Html {
  const date = dateOf(value);
  if (date === undefined) return html`<span class="none">–</span>`;
  return html`<time datetime="${date.toISOString()}">${relative(date.getTime(), now)}<span class="exact">${utc(date)}</span></time>`;
}

/** A whole number with thousands set apart. */
export function count(value: number): string {
  return new Intl.NumberFormat('en-US').format(value);
}

/** A share, one digit: `30.0 %`; a dash when there is nothing to share. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)} %`;
}

/** An amount of money; a dash when it is unknown. */
export function money(amount: number | undefined, currency = 'USD'): string {
  if (amount === undefined) return '–';
  const whole = Number.isInteger(amount) ? 0 : 2;
  try {
    const format = { style: 'currency', currency, minimumFractionDigits: whole } as const;
    return new Intl.NumberFormat('en-US', { ...format, maximumFractionDigits: whole }).format(
      amount,
    );
  } catch {
    // A foreign writer may have stored a currency that is none.
    return `${amount} ${currency}`;
  }
}

/** A stored word as people read it: `out_for_delivery` becomes `Out for delivery`. */
export function plain(word: string): string {
  const spaced = word.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `1 piece`, `3 pieces`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
