/** What is looked at, in the order in which people are told. */
export const aspects = [
  'chain',
  'transitions',
  'fences',
  'times',
  'evidence',
  'approvals',
  'overrides',
  'signatures',
  'documents',
] as const;
export type Aspect = (typeof aspects)[number];

/**
 * `wrong`: it does not fit. `unsure`: it cannot be told from what is at hand. `remark`: worth
 * knowing, and nothing is wrong with it.
 */
export type Weight = 'wrong' | 'unsure' | 'remark';

/** The line that a finding is about. */
export interface Place {
  /** Line of the journal, from 1; 0 for the journal as a whole. */
  readonly line: number;
  readonly seq: number | null;
  readonly type: string | null;
}

export interface Finding extends Place {
  readonly aspect: Aspect;
  readonly weight: Weight;
  /** One sentence for people. */
  readonly what: string;
}

/** What was looked at, and what came of it. */
export interface VerifyReport {
  readonly release: string;
  /** Lines of the journal. */
  readonly entries: number;
  /** SHA-256 of the last line: kept elsewhere, it shows later whether anything was cut off. */
  readonly head: string;
  /** How many things of each kind were looked at. */
  readonly looked: Readonly<Record<Aspect, number>>;
  /** In the order of the journal. */
  readonly findings: readonly Finding[];
  /** The first entry that does not fit; null when all do. */
  readonly first: Finding | null;
}

/** Where findings are written down while a journal is gone through. */
export class Notebook {
  readonly #looked: Record<Aspect, number>;
  readonly #findings: Finding[] = [];

  constructor() {
    const none = aspects.map((aspect) => [aspect, 0] as const);
    this.#looked = Object.fromEntries(none) as Record<Aspect, number>;
  }

  looked(aspect: Aspect): void {
    this.#looked[aspect] += 1;
  }

  /** Writes a finding down; the same about the same line only once. */
  note(weight: Weight, aspect: Aspect, place: Place, what: string): void {
    const { line, seq, type } = place;
    const known = this.#findings.some(
      (one) => one.line === line && one.aspect === aspect && one.what === what,
    );
    if (!known) this.#findings.push({ line, seq, type, aspect, weight, what });
  }

  /** Looks at one thing: a sentence is what is wrong with it, null that it fits. */
  hold(aspect: Aspect, place: Place, wrong: string | null): void {
    this.looked(aspect);
    if (wrong !== null) this.note('wrong', aspect, place, wrong);
  }

  report(about: Pick<VerifyReport, 'release' | 'entries' | 'head'>): VerifyReport {
    const findings = [...this.#findings].sort((a, b) => lineOrder(a) - lineOrder(b));
    const first = findings.find(({ weight }) => weight === 'wrong') ?? null;
    return { ...about, looked: this.#looked, findings, first };
  }
}

/** What is about the whole comes last. */
function lineOrder({ line }: Finding): number {
  return line === 0 ? Number.MAX_SAFE_INTEGER : line;
}
