import { flagsBefore } from '../../../src/release/flags-before.ts';
import { foldJournal } from '../../../src/release/state.ts';
import type { CompanyState } from '../world-server/state.ts';
import type { Trial } from './trial.ts';

/** Times differ from run to run; that there is one does not. */
function withoutTimes(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'number' ? 'a time' : fact]),
  );
}

/** What a release came to, as its journal tells it: everything but times, names and wordings. */
export async function outcomeOf(trial: Trial) {
  const entries = await trial.entries();
  const state = foldJournal(await trial.release(), entries);
  const { outcome, status, ended, starter, build, facts, rollback } = state;
  return {
    outcome,
    status,
    exit: ended?.exit,
    starter,
    build,
    facts: withoutTimes(facts),
    steps: [...state.steps.values()].map(({ step, status: how, verdict, checks, approvals }) => ({
      step,
      how,
      verdict,
      checks: checks.map((check) => `${check.id} ${check.status}`),
      approvedBy: approvals.map(({ by, signed }) => [by, signed]),
    })),
    effects: [...state.effects].map(([key, { status: how, before }]) => [key, how, before]),
    documents: state.documents.map(({ kind }) => kind).sort(),
    rollback: rollback && {
      complete: rollback.ended?.complete,
      customersSafe: rollback.ended?.customersSafe,
      compensations: [...rollback.compensations.values()]
        .map((one) => `${one.key} ${one.status}`)
        .sort(),
    },
    toRestore: [...flagsBefore(entries)].sort(),
  };
}

/** A company as customers and operators find it: what runs, who answers, which flags are how. */
export function companyAsFound({ flags, slots, traffic, cached }: CompanyState) {
  return structuredClone({
    flags: Object.fromEntries(
      Object.entries(flags).map(([name, { enabled, strategies }]) => [
        name,
        {
          enabled,
          strategies: strategies.map(({ parameters, variants }) => ({ parameters, variants })),
        },
      ]),
    ),
    slots,
    traffic,
    cached,
  });
}
