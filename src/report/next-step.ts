import type { Plan } from '../plan/plan.ts';
import type { Outcome } from '../release/events.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { ownerLabel, planStep } from './words.ts';

/** Who must do what. `command` is null when nothing is left to run. */
export interface NextStep {
  readonly who: string;
  readonly what: string;
  readonly command: string | null;
}

/** What is known beyond the journal. */
export interface NextStepFacts {
  /**
   * Whether a process still works on the release (it holds the lease). A journal that says `running`
   * with nobody behind it is a crash. Left out: the journal is believed.
   */
  readonly alive?: boolean;
}

/** What comes next in a release, from its state alone. */
export function nextStep(state: ReleaseState, plan: Plan, facts: NextStepFacts = {}): NextStep {
  switch (state.status) {
    case 'waiting':
      return afterWaiting(state, plan);
    case 'held':
      return afterHold(state, plan);
    case 'interrupted':
      return afterInterruption(state, plan);
    case 'rolling-back':
      return duringRollback(state, facts);
    case 'ended':
      return afterEnd(state, plan);
    case 'none':
      return facts.alive === true ? whileRunning(state, plan) : afterNothing(state);
    case 'running':
      return whenOpen(state, plan, facts);
  }
}

/** One line: `next: <who> must <what>: <exact command>`. */
export function nextLine(next: NextStep): string {
  if (next.command === null) return `next: ${next.who} must ${next.what}`;
  return `next: ${next.who} must ${next.what}: ${next.command}`;
}

const resume = (state: ReleaseState) => `aurora resume ${state.id}`;
const nameOf = (plan: Plan, step: number | null) =>
  step === null ? 'the release' : `step ${step} (${planStep(plan, step)?.title ?? 'unknown'})`;

function ownerOf(state: ReleaseState, plan: Plan, step: number | null): string {
  const row = step === null ? undefined : planStep(plan, step);
  return row === undefined ? state.starter || 'the starter' : ownerLabel(row.owner);
}

function waitingStep(state: ReleaseState): StepState | undefined {
  const step = state.hold?.step ?? state.current;
  return step === null || step === undefined ? undefined : state.steps.get(step);
}

function afterWaiting(state: ReleaseState, plan: Plan): NextStep {
  const request = waitingStep(state)?.request;
  if (request === null || request === undefined) return afterHold(state, plan);
  const who = ownerLabel({ role: request.role, name: request.name });
  return {
    who,
    what: `approve or reject ${nameOf(plan, request.step)}`,
    command: request.command,
  };
}

/** The step that is due when the current one has ended well: between two steps nobody is in the middle. */
function dueStep(state: ReleaseState, plan: Plan): number | undefined {
  const current = state.current === null ? undefined : state.steps.get(state.current);
  if (current === undefined || current.verdict !== 'go') return undefined;
  return plan.steps.find(({ step }) => state.steps.get(step)?.verdict !== 'go')?.step;
}

function whenOpen(state: ReleaseState, plan: Plan, { alive }: NextStepFacts): NextStep {
  const due = dueStep(state, plan);
  if (due !== undefined && alive !== true) {
    // `--until` and single gates end here; a process that is between two steps is gone in a moment.
    return {
      who: ownerOf(state, plan, due),
      what: `go on with ${nameOf(plan, due)}`,
      command: resume(state),
    };
  }
  return alive === false ? afterCrash(state, plan) : whileRunning(state, plan);
}

/** Its process ended before it began anything: there is nothing to go on with. */
function afterNothing(state: ReleaseState): NextStep {
  return { who: state.starter || 'the starter', what: 'start it again', command: 'aurora release' };
}

function afterHold(state: ReleaseState, plan: Plan): NextStep {
  if (state.place === 'switched-off') {
    return {
      who: 'anyone at hand',
      what: 'bring back the build as well: only the flags are off, and it cannot go on',
      command: `aurora rollback ${state.id}`,
    };
  }
  const step = state.hold?.step ?? state.current;
  const who = ownerOf(state, plan, step);
  if (state.hold?.waitsFor === 'person') {
    return {
      who,
      what: `decide at ${nameOf(plan, step)}: go on, or \`aurora rollback ${state.id}\``,
      command: resume(state),
    };
  }
  return {
    who,
    what: `let ${nameOf(plan, step)} collect more evidence, or \`aurora rollback ${state.id}\``,
    command: resume(state),
  };
}

function afterInterruption(state: ReleaseState, plan: Plan): NextStep {
  if (state.failure === null) {
    const what = `go on with ${nameOf(plan, state.current)}, which was interrupted`;
    return { who: state.starter || 'the starter', what, command: resume(state) };
  }
  const { step, error } = state.failure;
  const remedy = error.remedy ?? `remove the cause of ${error.code}`;
  return {
    who: ownerOf(state, plan, step),
    what: `first act on ${error.code} (${remedy.replace(/[.\s]+$/, '')}), then go on`,
    command: resume(state),
  };
}

function duringRollback(state: ReleaseState, facts: NextStepFacts): NextStep {
  const command = `aurora rollback ${state.id}`;
  if (facts.alive === false) {
    return { who: 'anyone at hand', what: 'finish the rollback, which nobody runs now', command };
  }
  const what = 'let the rollback that runs now finish, and watch it';
  return {
    who: state.starter || 'the starter',
    what,
    command: `aurora status ${state.id}`,
  };
}

function afterCrash(state: ReleaseState, plan: Plan): NextStep {
  return {
    who: state.starter || 'the starter',
    what: `take up ${nameOf(plan, state.current)}, whose process is gone (what it did is probed first)`,
    command: resume(state),
  };
}

function whileRunning(state: ReleaseState, plan: Plan): NextStep {
  return {
    who: ownerOf(state, plan, state.current),
    what: `let ${nameOf(plan, state.current)} run, and watch it`,
    command: `aurora status ${state.id}`,
  };
}

function selector(state: ReleaseState): string {
  return state.build === null
    ? 'aurora release'
    : `aurora release ${state.build.name}@${state.build.version}`;
}

function afterEnd(state: ReleaseState, plan: Plan): NextStep {
  const enders: Readonly<Record<Outcome, () => NextStep>> = {
    released: () => ({
      who: 'nobody',
      what: 'do anything: the release is complete',
      command: null,
    }),
    done: () => ({ who: 'nobody', what: 'do anything: it is done', command: null }),
    'no-go': () => afterNoGo(state, plan),
    aborted: () => ({
      who: state.starter || 'the starter',
      what: 'start a new release when it is wanted again',
      command: selector(state),
    }),
    'rolled-back': () => afterRollback(state),
    'rollback-only': () => afterRollback(state),
    'rollback-incomplete': () => ({
      who: 'anyone at hand',
      what: `repair and undo what is left (${state.rollback?.ended?.failed.join(', ') || 'see status'})`,
      command: `aurora rollback ${state.id}`,
    }),
  };
  return state.outcome === null ? whileRunning(state, plan) : enders[state.outcome]();
}

function afterNoGo(state: ReleaseState, plan: Plan): NextStep {
  const stopped = [...state.steps.values()].findLast((step) => step.verdict === 'no-go');
  const first = stopped?.checks.find((check) => check.status !== 'pass');
  const cause = first?.title ?? stopped?.reasons[0] ?? state.ended?.reason ?? 'what failed';
  return {
    who: ownerOf(state, plan, stopped?.step ?? null),
    what: `put right what failed (${cause.replace(/[.\s]+$/, '')}), then start anew`,
    command: selector(state),
  };
}

function afterRollback(state: ReleaseState): NextStep {
  if (state.restored !== null) {
    return {
      who: 'nobody',
      what: 'do anything: the flags are back on the stable build',
      command: null,
    };
  }
  return {
    who: state.starter || 'the starter',
    what: 'find the cause, then give customers the stable build with its flags back',
    command: `aurora flag restore ${state.id}`,
  };
}
