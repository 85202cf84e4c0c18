import type { CheckResult } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState } from '../release/state.ts';
import type { ApprovalBinding } from '../release/statement.ts';
import { screenLines } from './screens.ts';
import { buildLabel, countChecks, statusWord, stepLabel, verdictWord } from './words.ts';

/** Request ids shown; the ticket has all of them. */
const shownIds = 6;

/** What a person reads before they sign: what was measured, where to look, what the word is bound to. */
export function signingPage(
  state: ReleaseState,
  plan: Plan,
  binding: ApprovalBinding,
): readonly string[] {
  const build = state.build === null ? binding.build : buildLabel(state.build);
  return [
    `${state.id}: ${build}`,
    '',
    'What was measured:',
    ...plan.steps.flatMap(({ step }) => stepLines(state, plan, step, step === binding.step)),
    ...links(state, binding.step),
    ...screenshots(state, binding.step),
    ...requestIds(state),
    '',
    'Your word is bound to:',
    `  plan      ${binding.plan}`,
    `  build     ${binding.build}`,
    `  evidence  ${binding.evidence}`,
    `  journal   ${binding.journal}`,
    `  verdict   ${verdictWord(binding.verdict)}, for ${binding.environment}; until ${binding.expires}`,
    'If any of them changes, your word is void. Signing says: I have looked at this, and this build',
    `may go to ${binding.environment}.`,
  ];
}

function stepLines(
  state: ReleaseState,
  plan: Plan,
  number: number,
  whole: boolean,
): readonly string[] {
  const step = state.steps.get(number);
  if (step === undefined) return [];
  const verdict = step.verdict === null ? 'so far' : verdictWord(step.verdict);
  const shown = step.checks.filter((check) => whole || check.status !== 'pass');
  return [
    `  ${stepLabel(plan, number)}: ${verdict}, ${countChecks(step.checks)}`,
    ...shown.map((check) => `    ${checkLine(check)}`),
  ];
}

function checkLine({ status, title, observed }: CheckResult): string {
  return `${statusWord(status)}: ${title}: ${observed}`;
}

/** Addresses of the views, from the evidence of the checks that opened them. */
function links(state: ReleaseState, number: number): readonly string[] {
  const checks = state.steps.get(number)?.checks ?? [];
  const lines = checks.flatMap(({ id, title, evidence }) =>
    id.startsWith('links/') && typeof evidence?.address === 'string'
      ? [`  ${title}: ${evidence.address}`]
      : [],
  );
  return lines.length === 0 ? [] : ['', 'Look at:', ...lines];
}

/** What a browser showed of the build, and what none could look at. */
function screenshots(state: ReleaseState, number: number): readonly string[] {
  const lines = screenLines(state.steps.get(number)?.checks ?? []);
  return lines.length === 0 ? [] : ['', ...lines];
}

function requestIds({ steps }: ReleaseState): readonly string[] {
  const ids = [...steps.values()].flatMap((step) =>
    step.checks.flatMap((check) => check.requestIds ?? []),
  );
  if (ids.length === 0) return [];
  const more = ids.length > shownIds ? ` and ${ids.length - shownIds} more in the ticket` : '';
  return ['', `Request ids: ${ids.slice(0, shownIds).join(', ')}${more}`];
}
