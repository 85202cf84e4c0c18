import type { Json } from '../base/json.ts';
import type { Move } from '../plan/plan.ts';
import { digestJson } from '../proof/digest.ts';
import type { ApprovalBinding } from './events.ts';
import type { ApprovalWord } from './store.ts';

type ApprovalMove = Extract<Move, { type: 'approval' }>;

/** Whether a word counts, and if not, why. */
export type WordVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly why: string };

/** Digest of what an approval is bound to: the word of a person names it. */
export function bindingDigest(binding: ApprovalBinding): string {
  return digestJson(binding as unknown as Json);
}

/** A person's name without regard to case and outer space. */
function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Decides whether an offered word is the one that the plan asks for. */
export function judgeWord(
  word: ApprovalWord,
  request: {
    readonly move: ApprovalMove;
    readonly binding: ApprovalBinding;
    readonly expiresAt: number;
    readonly starter: string;
  },
): WordVerdict {
  const { move, binding } = request;
  const refuse = (why: string): WordVerdict => ({ accepted: false, why });
  if (word.release !== binding.release || word.step !== binding.step) {
    return refuse('it is for another release or step');
  }
  if (word.binding !== bindingDigest(binding)) {
    return refuse('it was given for other evidence than what stands now');
  }
  if (move.name !== null && !sameName(word.by, move.name)) {
    return refuse(`the plan wants the word of ${move.name}`);
  }
  if (!sameName(word.role, move.role)) return refuse(`the plan wants a ${move.role}`);
  if (sameName(word.by, request.starter))
    return refuse('whoever starts a release cannot approve it');
  if (!move.unsigned) return refuse('the plan wants a signature, and this word has none');
  // Written so that a time that is none counts as too late.
  if (!(Date.parse(word.at) <= request.expiresAt)) return refuse('the request had expired');
  return { accepted: true };
}
