import type { Judging } from './approval.ts';
import type { Engine } from './engine.ts';
import type { Run } from './run-context.ts';
import type { ReleaseState } from './state.ts';
import type { SignedWord } from './statement.ts';

/** What whoever is asked gets to see. */
export interface AskedHere {
  readonly engine: Engine;
  readonly state: ReleaseState;
  readonly judging: Judging;
}

/** Asks whoever sits here for the word that a release waits for; null when they give none. */
export type AskHere = (about: AskedHere, signal: AbortSignal) => Promise<SignedWord | null>;

/**
 * Asks whoever sits here while others may answer elsewhere. Their word takes the same way as
 * everybody's: through the inbox. The function that comes back ends the question.
 */
export function beginAsking({ engine, log, signal }: Run, judging: Judging): () => Promise<void> {
  const { askHere, store, clock } = engine;
  if (askHere === undefined) return async () => undefined;
  const over = new AbortController();
  const { state } = log;
  const asking = async () => {
    const either = AbortSignal.any([signal, over.signal]);
    const word = await askHere({ engine, state, judging }, either);
    if (word === null) return;
    const { step } = judging.request;
    const at = new Date(clock.now()).toISOString();
    await store.offer({ v: 2, note: 'word', release: state.id, step, ...word, at });
  };
  // Whatever goes wrong with the question, the release goes on waiting for the others.
  const asked = asking().catch(() => undefined);
  return async () => {
    over.abort();
    await asked;
  };
}
