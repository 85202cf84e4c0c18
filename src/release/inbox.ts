/** What is left beside the journal for the release that runs, or will. */
export type InboxNote =
  /** A person's word for a step: a `SignedWord` on its way. */
  | {
      readonly v: 2;
      readonly note: 'word';
      readonly release: string;
      readonly step: number;
      readonly statement: string;
      readonly signature: string | null;
      /** ISO 8601 UTC. */
      readonly at: string;
    }
  /** Somebody wants the release to stand still, or to end. */
  | {
      readonly v: 2;
      readonly note: 'wish';
      readonly release: string;
      readonly wish: 'pause' | 'abort';
      readonly by: string;
      readonly reason: string;
      readonly at: string;
    };

export type WordNote = Extract<InboxNote, { note: 'word' }>;
export type WishNote = Extract<InboxNote, { note: 'wish' }>;

/** A note as text, one line. */
export function noteText(note: InboxNote): string {
  return `${JSON.stringify(note)}\n`;
}

/** The note that a text is; undefined when it is none: it is passed over, never half believed. */
export function parseNote(text: string): InboxNote | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (value === null || value.v !== 2) return undefined;
    const { release, at } = value;
    if (typeof release !== 'string' || typeof at !== 'string') return undefined;
    return isWord(value) || isWish(value) ? (value as unknown as InboxNote) : undefined;
  } catch {
    return undefined;
  }
}

function isWord({ note, step, statement, signature }: Readonly<Record<string, unknown>>): boolean {
  const whole = Number.isInteger(step) && typeof statement === 'string';
  return note === 'word' && whole && (signature === null || typeof signature === 'string');
}

function isWish({ note, wish, by, reason }: Readonly<Record<string, unknown>>): boolean {
  const whole = typeof by === 'string' && typeof reason === 'string';
  return note === 'wish' && whole && (wish === 'pause' || wish === 'abort');
}
