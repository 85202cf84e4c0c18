import type { EnvironmentName } from '../base/environments.ts';
import type { Verdict } from '../checks/check.ts';

/** Who answers for a step. `name` is null where the plan names a team only. */
export interface Owner {
  readonly role: string;
  readonly name: string | null;
}

/** Parameters of a move as written; each kind validates its own. */
export type MoveParams = Readonly<Record<string, unknown>>;

/** One move of a step: something checked, something done, or a person's word. */
export type Move =
  | { readonly type: 'check'; readonly kind: string; readonly params: MoveParams }
  | { readonly type: 'effect'; readonly kind: string; readonly params: MoveParams }
  | {
      readonly type: 'approval';
      readonly role: string;
      readonly name: string | null;
      /** Whether a word without a signature counts; the ticket then says so. */
      readonly unsigned: boolean;
      /** How long the request stands, milliseconds. */
      readonly expiresMs: number;
    };

/** What a check that did not pass means for the gate of its step. */
export interface VerdictRules {
  readonly fail: Verdict;
  readonly inconclusive: Verdict;
  readonly error: Verdict;
  /** For a failed check that is a catastrophe. */
  readonly catastrophe: Verdict;
}

/** One row of the plan's table, word for word, with the moves that carry it out. */
export interface PlanStep {
  readonly step: number;
  readonly id: string;
  readonly title: string;
  readonly owner: Owner;
  readonly durationMs: number;
  readonly description: string;
  readonly criterion: string;
  readonly moves: readonly Move[];
  readonly verdicts: VerdictRules;
}

/** One compensation of the rollback, by phase. */
export interface PlanCompensation {
  readonly kind: string;
  readonly params: MoveParams;
  /** Words of the plan that it carries out. */
  readonly words: string;
}

/** The whole plan. */
export interface Plan {
  readonly title: string;
  readonly version: string;
  readonly date: string;
  /** SHA-256 over every checklist file of the plan. */
  readonly digest: string;
  readonly directory: string;
  readonly flags: {
    /** The flag whose share is the canary. */
    readonly canary: string;
    /** All that a rollback switches off. */
    readonly all: readonly string[];
    readonly environment: EnvironmentName;
  };
  readonly steps: readonly PlanStep[];
  readonly rollback: readonly (readonly PlanCompensation[])[];
}
