import type { Engine } from './engine.ts';
import { mergeRescued } from './merge-rescued.ts';
import { type TakenLeases, takeLeases } from './take-leases.ts';
import { tellOvertaken } from './take-over.ts';
import type { WhenHeld } from './when-held.ts';

/** The leases, with everything done that has to come before anything else. */
export interface TakenOn extends TakenLeases {
  /** What people should know of it. */
  readonly notes: readonly string[];
}

/**
 * Takes the leases for a release. Whoever had them is written off in their own journal, and entries
 * that were kept aside join theirs, before this release does anything.
 */
export async function takeOn(
  engine: Pick<Engine, 'leases' | 'store' | 'stateDirectory' | 'actor' | 'signal'>,
  release: string,
  when?: WhenHeld,
): Promise<TakenOn> {
  const leases = await takeLeases(engine, release, when);
  try {
    await tellOvertaken(engine, release, leases.held);
    return { ...leases, notes: await mergeRescued(engine) };
  } catch (error) {
    await leases.drop();
    throw error;
  }
}
