import { catalogue } from '../base/catalogue.ts';
import type { ReleaseState } from '../release/state.ts';

/** The exit code that the release stands for; null while it runs. */
export function exitOf(state: ReleaseState): number | null {
  if (state.ended !== null) return state.ended.exit;
  if (state.status === 'waiting' || state.status === 'held') return 4;
  if (state.status !== 'interrupted') return null;
  if (state.failure === null) return 130;
  const codes: Readonly<Record<string, { readonly exit: number }>> = catalogue;
  return codes[state.failure.error.code]?.exit ?? 1;
}
