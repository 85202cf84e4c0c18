import { formatDuration } from '../base/duration.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import type {
  EventData,
  EventType,
  JournalEntry,
  Outcome,
  RecordedError,
} from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';
import { approvedBy, nobodyMay, signedLabel } from './approval-words.ts';
import { checkDetails } from './check-detail.ts';
import { overrideLabel } from './override-words.ts';
import {
  buildLabel,
  countChecks,
  elapsedMs,
  errorLabel,
  outcomeWord,
  ownerLabel,
  plannedLabel,
  planStep,
  scaleOf,
  statusWord,
  stepLabel,
  verdictWord,
} from './words.ts';

/** What a line is about; a renderer may colour by it, never instead of the words. */
export type Tone = 'plain' | 'quiet' | Verdict;

/** One line of the story. Indented lines belong to the one above. */
export interface Line {
  readonly text: string;
  readonly tone: Tone;
  readonly indent: 0 | 1;
}

/** What the narrator knows besides the entry itself. */
export interface Scene {
  readonly plan: Plan;
  /** The release after the entry. */
  readonly state: ReleaseState;
}

const say = (text: string, tone: Tone = 'plain'): Line => ({ text, tone, indent: 0 });
const under = (text: string, tone: Tone = 'plain'): Line => ({ text, tone, indent: 1 });

function errorLines(error: RecordedError): Line[] {
  const lines = [under(errorLabel(error))];
  return error.remedy === undefined ? lines : [...lines, under(`-> ${error.remedy}`)];
}

const toneOfStatus = { pass: 'go', fail: 'no-go', inconclusive: 'hold', error: 'hold' } as const;

function checkLines(check: CheckResult, label: string): Line[] {
  // A failed act or a refused word was told already by its own entry.
  if (check.status === 'pass' || /^(effect|approval)\//.test(check.id)) return [];
  const words = check.catastrophe === true ? 'failed, a catastrophe' : statusWord(check.status);
  return [
    say(`${label} ... check ${words}: ${check.title}`, toneOfStatus[check.status]),
    ...checkDetails(check).map(([name, text]) => under(`${name.padEnd(8)} ${text}`)),
  ];
}

function stepEnded(data: EventData['step.ended'], { plan, state }: Scene): Line[] {
  const step = state.steps.get(data.step);
  const took = step === undefined ? undefined : elapsedMs(step.startedAt, step.endedAt);
  const approvers = approvedBy(step);
  const facts = [
    step === undefined || step.checks.length === 0 ? undefined : countChecks(step.checks),
    approvers === undefined ? undefined : `approved by ${approvers}`,
    took === undefined ? undefined : formatDuration(took),
    plannedOf(data.step, { plan, state }),
  ].filter((fact) => fact !== undefined);
  const line = `${stepLabel(plan, data.step)} ... ${verdictWord(data.verdict)} (${facts.join(', ')})`;
  // Checks that did not pass were told when they were done.
  const told = data.verdict === 'go' || step?.checks.some((check) => check.status !== 'pass');
  const reasons = told === true ? [] : data.reasons.map((reason) => under(reason));
  return [say(line, data.verdict), ...reasons];
}

function plannedOf(step: number, { plan, state }: Scene): string {
  const ms = planStep(plan, step)?.durationMs ?? state.steps.get(step)?.plannedMs ?? 0;
  return `planned ${plannedLabel(ms, scaleOf(state, step))}`;
}

function created(data: EventData['release.created'], id: string): Line[] {
  const before =
    data.stable === null
      ? 'a first launch: production serves nothing yet'
      : `production serves ${buildLabel(data.stable)}`;
  const scale = data.timeScale === 1 ? '' : `, time scale x${data.timeScale}`;
  return [
    say(`release ${id}: ${buildLabel(data.build)}`),
    under(before, 'quiet'),
    under(
      `plan ${data.plan.version} (${shortDigest(data.plan.digest)})${data.rehearsal ? ', rehearsal' : ''}${scale}`,
      'quiet',
    ),
    ...Object.entries(data.connect).map(([from, to]) => under(`connect ${from} -> ${to}`, 'quiet')),
  ];
}

function stepStarted(data: EventData['step.started'], scene: Scene): Line[] {
  const row = planStep(scene.plan, data.step);
  const what = row === undefined ? '' : `: ${row.title}, ${ownerLabel(row.owner)}`;
  const label = stepLabel(scene.plan, data.step);
  return [say(`${label} started${what}, ${plannedOf(data.step, scene)}`)];
}

function rollbackEnded(data: EventData['rollback.ended']): Line[] {
  const safe = data.customersSafe
    ? 'customers are off the candidate, seen from outside'
    : 'NOT seen from outside that customers are off the candidate';
  const line = data.complete
    ? `rollback complete: ${safe}`
    : `ROLLBACK INCOMPLETE (${data.failed.join(', ')}): ${safe}`;
  return [
    say(line, data.complete ? 'rollback' : 'no-go'),
    ...data.proof.map((proof) => under(proof)),
  ];
}

/** That it is somebody's turn is said where the step begins; only what did not arrive is news. */
function told(
  { owner, why, over, ok, error }: EventData['owner.told'],
  label: string,
): readonly Line[] {
  if (ok && why === 'turn') return [];
  if (ok)
    return [say(`${label} ... ${owner} told over ${over}: it takes longer than planned`, 'quiet')];
  const reason = error === undefined ? '' : `: ${error.message}`;
  return [say(`${label} ... ${owner} could NOT be told over ${over}${reason}`, 'hold')];
}

const endTones: Readonly<Record<Outcome, Tone>> = {
  released: 'go',
  done: 'go',
  'no-go': 'no-go',
  aborted: 'hold',
  'rolled-back': 'rollback',
  'rollback-only': 'rollback',
  'rollback-incomplete': 'no-go',
};

function leaseTaken(data: EventData['lease.acquired']): readonly Line[] {
  const { environment, holder, fence, takenFrom } = data;
  const taken = `lease of ${environment} taken by ${holder} (fence ${fence})`;
  if (takenFrom === undefined) return [say(taken, 'quiet')];
  const { actor, host, release, why } = takenFrom;
  return [say(`${taken} from ${actor} on ${host}, release ${release} (${why})`)];
}

type Narrators = {
  readonly [K in EventType]: (data: EventData[K], scene: Scene) => readonly Line[];
};

const narrators: Narrators = {
  'release.created': (data, { state }) => created(data, state.id),
  'release.resumed': (data, { plan, state }) => [
    say(`release ${state.id} resumed at ${stepLabel(plan, data.from)}`),
  ],
  'lease.acquired': leaseTaken,
  'step.started': stepStarted,
  'check.done': (data, { plan }) => checkLines(data.result, stepLabel(plan, data.step)),
  'watch.progress': (data, { plan }) => [
    say(`${stepLabel(plan, data.step)} ... ${data.text}`, 'quiet'),
  ],
  'effect.started': () => [],
  'effect.done': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... ${data.already ? 'was so already' : 'done'}: ${data.title} (${data.observed})`,
    ),
  ],
  'effect.failed': (data, { plan }) => [
    say(`${stepLabel(plan, data.step)} ... FAILED: ${data.title}`, 'no-go'),
    ...errorLines(data.error),
  ],
  'effect.undone': (data, { plan }) => [
    say(`${stepLabel(plan, data.step)} ... undone: ${data.title}`),
  ],
  'effect.undo-failed': (data, { plan }) => [
    say(`${stepLabel(plan, data.step)} ... COULD NOT BE UNDONE: ${data.title}`, 'no-go'),
    ...errorLines(data.error),
  ],
  'approval.requested': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... waits for ${ownerLabel({ role: data.role, name: data.name })}, until ${new Date(data.expiresAt).toISOString()}`,
      'hold',
    ),
    under(`approve: ${data.command}`),
    ...[nobodyMay(data) ?? []].flat().map((line) => under(line)),
  ],
  'approval.given': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... approved by ${data.name} as ${data.role}, ${signedLabel(data)}`,
      'go',
    ),
    ...(data.comment === null ? [] : [under(`"${data.comment}"`)]),
  ],
  'approval.rejected': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... REJECTED by ${data.name} as ${data.role}: ${data.reason}`,
      'no-go',
    ),
  ],
  'approval.refused': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... word of ${data.by} not accepted: ${data.reason} (${data.code})`,
      'hold',
    ),
  ],
  'approval.revoked': (data, { plan }) => [
    say(`${stepLabel(plan, data.step)} ... word taken back by ${data.by}: ${data.reason}`, 'hold'),
  ],
  'override.given': (data) => [say(overrideLabel(data), 'hold')],
  'step.skipped': (data, { plan }) => [
    say(
      `${stepLabel(plan, data.step)} ... skipped by ${data.by} (${data.role}): ${data.reason}`,
      'hold',
    ),
  ],
  'owner.told': (data, { plan }) => told(data, stepLabel(plan, data.step)),
  'step.ended': stepEnded,
  'release.held': (data, { plan }) => [
    say(`HOLD at ${stepLabel(plan, data.step)}: ${data.reason}`, 'hold'),
  ],
  'release.interrupted': (data, { plan }) => [
    say(
      `interrupted by ${data.signal}${data.step === null ? '' : ` at ${stepLabel(plan, data.step)}`}`,
      'hold',
    ),
  ],
  'release.failed': (data, { plan }) => [
    say(
      `stopped by an error${data.step === null ? '' : ` at ${stepLabel(plan, data.step)}`}`,
      'no-go',
    ),
    ...errorLines(data.error),
  ],
  'rollback.started': (data) => [
    say(
      `rollback started${data.only === 'flags' ? ' (flags only)' : ''}: ${data.reason}`,
      'rollback',
    ),
  ],
  'compensation.started': () => [],
  'compensation.done': (data) => [
    say(
      `rollback ... ${data.already ? 'was so already' : 'done'}: ${data.title} (${data.observed})`,
      'rollback',
    ),
  ],
  'compensation.failed': (data) => [
    say(`rollback ... FAILED: ${data.title}`, 'no-go'),
    ...errorLines(data.error),
  ],
  'rollback.ended': rollbackEnded,
  'release.overtaken': (data) => [say(`${data.by} took over (${data.release})`, 'hold')],
  'rescue.merged': (data) => [say(`${data.entries} entries follow that were kept in ${data.path}`)],
  'flags.restored': (data) => [say(`flags restored: ${data.flags.join(', ')}`, 'go')],
  'document.written': (data) => [say(`${data.kind.replace('-', ' ')} written: ${data.path}`)],
  'release.ended': (data, { state }) => {
    const took = elapsedMs(state.createdAt, state.endedAt);
    const time = took === undefined ? '' : ` after ${formatDuration(took)}`;
    const tone = endTones[data.outcome];
    return [say(`${outcomeWord(data.outcome)}${time} (exit ${data.exit}): ${data.reason}`, tone)];
  },
};

/** The lines that tell one journal entry; none for what does not matter to a reader. */
export function narrate(entry: JournalEntry, scene: Scene): readonly Line[] {
  // A kind that only a newer aurora knows tells nothing here.
  if (!Object.hasOwn(narrators, entry.type)) return [];
  const narrator = narrators[entry.type] as (data: unknown, scene: Scene) => readonly Line[];
  return narrator(entry.data, scene);
}
