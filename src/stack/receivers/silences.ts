import { randomUUID } from 'node:crypto';

/** A label condition of a silence. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** What a client asks for; times in milliseconds since the epoch. */
export interface SilenceRequest {
  readonly id: string | undefined;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** A silence as it is held. */
export interface HeldSilence extends SilenceRequest {
  readonly id: string;
  readonly updatedAt: number;
}

/** A request that makes no sense; the text is Alertmanager's. */
export class SilenceError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The silences, as Alertmanager keeps them: what has ended stays visible as expired. */
export class Silences {
  readonly #held = new Map<string, HeldSilence>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Creates one, or changes one; a change of matchers ends the old one and makes a new one. */
  save(request: SilenceRequest): string {
    const now = this.#now();
    if (request.startsAt >= request.endsAt) {
      throw new SilenceError(400, 'Failed to create silence: start time must be before end time');
    }
    if (request.endsAt < now) {
      throw new SilenceError(400, "Failed to create silence: end time can't be in the past");
    }
    if (request.matchers.every((matcher) => matches(matcher, ''))) {
      throw new SilenceError(
        400,
        'silence invalid: at least one matcher must not match the empty string',
      );
    }
    const previous = request.id === undefined ? undefined : this.get(request.id);
    const isSame =
      previous !== undefined &&
      this.state(previous) !== 'expired' &&
      JSON.stringify(previous.matchers) === JSON.stringify(request.matchers);
    if (previous !== undefined && !isSame && this.state(previous) !== 'expired') {
      this.expire(previous.id);
    }
    const id = isSame ? previous.id : randomUUID();
    const startsAt = Math.max(request.startsAt, isSame ? previous.startsAt : now);
    this.#held.set(id, { ...request, id, startsAt, updatedAt: now });
    return id;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** SilenceError 404 when there is none. */
  get(id: string): HeldSilence {
    const silence = this.#held.get(id);
    if (silence === undefined) throw new SilenceError(404, 'silence not found');
    return silence;
  }

  expire(id: string): void {
    const silence = this.get(id);
    const now = this.#now();
    if (this.state(silence) === 'expired') return;
    const startsAt = Math.min(silence.startsAt, now);
    this.#held.set(id, { ...silence, startsAt, endsAt: now, updatedAt: now });
  }

  /** Those that fit every filter, active ones first, each group by the nearest end. */
  list(filters: readonly Matcher[]): HeldSilence[] {
    const order = { active: 0, pending: 1, expired: 2 };
    return [...this.#held.values()]
      .filter((silence) => filters.every((filter) => filterFits(filter, silence)))
      .sort((a, b) => order[this.state(a)] - order[this.state(b)] || a.endsAt - b.endsAt);
  }

  state(silence: HeldSilence): 'active' | 'pending' | 'expired' {
    const now = this.#now();
    if (silence.endsAt <= now) return 'expired';
    return silence.startsAt > now ? 'pending' : 'active';
  }

  clear(): void {
    this.#held.clear();
  }
}

/** A filter of a query fits a silence that has this very matcher; it is not evaluated. */
function filterFits(filter: Matcher, silence: HeldSilence): boolean {
  return silence.matchers.some(
    ({ name, value, isRegex, isEqual }) =>
      name === filter.name &&
      value === filter.value &&
      isRegex === filter.isRegex &&
      isEqual === filter.isEqual,
  );
}

function matches(matcher: Matcher, value: string): boolean {
  const fits = matcher.isRegex
    ? new RegExp(`^(?:${matcher.value})$`).test(value)
    : value === matcher.value;
  return fits === matcher.isEqual;
}

/** Reads `name="value"` with `=`, `!=`, `=~` or `!~`; SilenceError 400 when it is none. */
export function parseMatcher(text: string): Matcher {
  const parts = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text);
  const [, name, operator, quoted] = parts ?? [];
  const value = quoted === undefined ? undefined : unquoted(quoted);
  if (name === undefined || operator === undefined || value === undefined) {
    throw new SilenceError(400, `bad matcher format: ${text}`);
  }
  const matcher = {
    name,
    value,
    isRegex: operator.endsWith('~'),
    isEqual: operator.startsWith('='),
  };
  assertPattern(matcher);
  return matcher;
}

/** SilenceError 400 when a regular expression is none. */
export function assertPattern(matcher: Matcher): void {
  if (!matcher.isRegex) return;
  try {
    new RegExp(matcher.value);
  } catch {
    throw new SilenceError(400, `silence invalid: invalid label matcher: ${matcher.name}`);
  }
}

function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text.includes('"') ? undefined : text;
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
  return inner?.replaceAll(/\\(.)/gs, (_, character) => (character === 'n' ? '\n' : character));
}
