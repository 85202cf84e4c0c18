import type { EnvironmentName } from '../base/environments.ts';
import type { Verdict } from '../checks/check.ts';
import type { Freeze } from './freeze.ts';

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
      /** How many people must give their word. */
      readonly count: number;
      /** Whether whoever started the release may approve it. */
      readonly self: boolean;
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
  /** Windows in which no release begins or reaches customers. */
  readonly freezes: readonly Freeze[];
  /** Who may override a freeze and skip a step, with a signature. */
  readonly overrides: { readonly roles: readonly string[] };
  /** Ways to reach people, and of what they hear while a release goes on. */
  readonly people: {
    readonly tell: readonly string[];
    readonly turn: boolean;
    readonly overdue: boolean;
  };
  readonly steps: readonly PlanStep[];
  readonly rollback: readonly (readonly PlanCompensation[])[];
}
