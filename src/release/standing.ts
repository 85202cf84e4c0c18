import type { CheckResult, Verdict } from '../checks/check.ts';
import type { PlanStep } from '../plan/plan.ts';
import { beforeTheWord } from './before-word.ts';
import type { JournalEntry } from './events.ts';
import { evidenceDigest, gateVerdict } from './gate.ts';
import type { ReleaseState } from './state.ts';
import type { ApprovalBinding } from './statement.ts';

/** What an approval is compared with, as it stands at this moment. */
export type Standing = Pick<ApprovalBinding, 'plan' | 'build' | 'evidence' | 'verdict' | 'journal'>;

const compared = ['plan', 'build', 'evidence', 'verdict', 'journal'] as const;

/** The first thing that a word is bound to and that is no longer so; null when all stands. */
export function whatChanged(
  binding: Standing,
  standing: Standing,
): (typeof compared)[number] | null {
  return compared.find((name) => binding[name] !== standing[name]) ?? null;
}

/** Everything measured in a release before the word of this step, in the order of the steps. */
export function evidenceBefore({ steps }: ReleaseState, step: number): readonly CheckResult[] {
  return [...steps.values()]
    .filter((one) => one.step <= step)
    .sort((a, b) => a.step - b.step)
    .flatMap((one) => (one.step === step ? beforeTheWord(one.checks, step) : one.checks));
}

/** What the results before the word of a step come to; `hold` where nothing was measured at all. */
export function verdictSoFar({ steps }: ReleaseState, row: PlanStep): Verdict {
  const own = beforeTheWord(steps.get(row.step)?.checks ?? [], row.step);
  if (own.length > 0) return gateVerdict(own, row.verdicts);
  return steps.get(row.step - 1)?.verdict ?? 'hold';
}

/** The `prev` of the request with this nonce: the digest of the line before it; '' without one. */
export function lineBefore(entries: readonly JournalEntry[], nonce: string): string {
  const request = entries.find(
    (entry) => entry.type === 'approval.requested' && entry.data.binding.nonce === nonce,
  );
  return request?.prev ?? '';
}

/** What the word of a step is compared with. `now` is what is known outside of the journal. */
export function standingOf(
  state: ReleaseState,
  entries: readonly JournalEntry[],
  row: PlanStep,
  now: { readonly plan: string; readonly build: string; readonly nonce: string },
): Standing {
  return {
    plan: now.plan,
    build: now.build,
    evidence: evidenceDigest(evidenceBefore(state, row.step)),
    verdict: verdictSoFar(state, row),
    journal: lineBefore(entries, now.nonce),
  };
}
