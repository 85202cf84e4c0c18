import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckResult } from '../check.ts';
import { type ProbeTarget, targetText } from '../target.ts';
import type { SmokeAnswer } from './converse.ts';
import type { Interaction } from './list.ts';

/** Everything that one interaction showed. */
export interface SmokeObservation {
  readonly answers: readonly SmokeAnswer[];
  /** Whether the expected event was found in time; null when none is expected. */
  readonly eventFound: boolean | null;
}

/** What is the same for every interaction of a run. */
export interface SmokePlace {
  readonly environment: EnvironmentName;
  readonly target: ProbeTarget;
}

/** The face of an interaction's result before anything is known. */
export function describeInteraction(interaction: Interaction, { environment, target }: SmokePlace) {
  const messages = interaction.messages.join(interaction.inOrder ? ' -> ' : ', ');
  return {
    id: `smoke/${environment}/${target}/${interaction.id}`,
    title: `${interaction.title} on ${targetText(target, environment)}`,
    expected: interaction.event === undefined ? messages : `${messages} -> ${interaction.event}`,
  };
}

/** The wanted types that the answer lacks; with an order, those that do not come in their place. */
function lacking(wanted: readonly string[], types: readonly string[], inOrder: boolean) {
  let from = 0;
  return wanted.filter((type) => {
    const at = types.indexOf(type, inOrder ? from : 0);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

/** What is wrong with an answer that should have been a plain 200; null when nothing is. */
function problemOf(answer: SmokeAnswer): string | null {
  if (answer.status !== 200) {
    return `${answer.path} answered ${answer.status}${answer.code === null ? '' : ` ${answer.code}`}`;
  }
  return answer.requestId === null ? `${answer.path} answered without x-request-id` : null;
}

function judge(interaction: Interaction, { answers, eventFound }: SmokeObservation) {
  const problem = answers.map(problemOf).find((one) => one !== null);
  if (problem !== undefined) return { passed: false, observed: problem };
  const last = answers.length === interaction.requests.length ? answers.at(-1) : undefined;
  if (last === undefined) return { passed: false, observed: 'no answer' };
  if (last.types === null) return { passed: false, observed: `${last.path} answered no messages` };
  const seen = last.types.join(', ') || 'no messages';
  const missing = lacking(interaction.messages, last.types, interaction.inOrder);
  if (missing.length > 0) {
    const word = interaction.inOrder ? 'missing, or not in this order' : 'missing';
    return { passed: false, observed: `${seen}; ${word}: ${missing.join(', ')}` };
  }
  if (interaction.event === undefined) return { passed: true, observed: seen };
  return eventFound === true
    ? { passed: true, observed: `${seen}; event ${interaction.event} recorded` }
    : { passed: false, observed: `${seen}; no event ${interaction.event} in time` };
}

/** Judges one interaction. Pure. */
export function assessInteraction(
  interaction: Interaction,
  place: SmokePlace,
  observation: SmokeObservation,
): CheckResult {
  const { passed, observed } = judge(interaction, observation);
  const requestIds = observation.answers.flatMap(({ requestId }) => requestId ?? []);
  return {
    ...describeInteraction(interaction, place),
    status: passed ? 'pass' : 'fail',
    observed,
    ...(passed ? {} : { remedy: 'Find the request ids in the log of the build and correct it.' }),
    requestIds,
    evidence: {
      answers: observation.answers.map(({ path, status, requestId, build, types, code }) => ({
        path,
        status,
        requestId,
        build,
        types,
        code,
      })),
    },
  };
}
