import type { Clock } from '../base/clock.ts';
import type { EnvironmentName } from '../base/environments.ts';
import type { EnvironmentView } from '../checks/kind.ts';
import type { BuildAtHand, EffectContext } from '../effects/effect.ts';
import type { Plan } from '../plan/plan.ts';
import type { ChangeGuard } from '../services/http/change-guard.ts';
import type { Services } from '../services/services.ts';
import type { Approvers } from '../services/signing/approvers-file.ts';
import type { Signer } from '../services/signing/signing.ts';
import type { AskHere } from './ask-here.ts';
import type { JournalEntry } from './events.ts';
import type { Leases } from './leases.ts';
import type { EntryListener } from './release-log.ts';
import type { ReleaseState } from './state.ts';
import type { ReleaseStore } from './store.ts';
import type { Decide } from './trouble.ts';
import type { WhenHeld } from './when-held.ts';

/** Texts for people, made from state and journal. */
export interface Documents {
  ticket(state: ReleaseState, entries: readonly JournalEntry[]): string;
  releaseNotes(state: ReleaseState, entries: readonly JournalEntry[]): string;
  incidentNote(state: ReleaseState, entries: readonly JournalEntry[]): string;
}

/** Packed builds, always verified before they are handed out. */
export interface BuildStore {
  /** By version, name@version or digest. BUILD_UNKNOWN, BUILD_ALTERED. */
  find(selector: string): Promise<BuildAtHand>;
  /** By exact digest; null when the store does not have it. BUILD_ALTERED. */
  byDigest(digest: string): Promise<BuildAtHand | null>;
}

/** Everything that a release or a rollback needs, put together by the command layer. */
export interface Engine {
  readonly project: string;
  readonly plan: Plan;
  readonly store: ReleaseStore;
  readonly leases: Leases;
  readonly builds: BuildStore;
  readonly services: Services;
  /** Stands before whatever these services change; armed by whoever holds leases. */
  readonly changes: Pick<ChangeGuard, 'arm' | 'disarm'>;
  readonly environments: Readonly<Record<EnvironmentName, EnvironmentView>>;
  readonly connect: Readonly<Record<string, string>>;
  readonly slotEnv: EffectContext['slotEnv'];
  readonly documents: Documents;
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly actor: string;
  readonly rehearsal: boolean;
  readonly timeScale: number;
  /** Digest of the checklists as they lie there now. PLAN_INVALID when they cannot be read. */
  readonly planDigest: () => Promise<string>;
  /** Who may approve, as the file says now. APPROVERS_INVALID. */
  readonly approvers: () => Promise<Approvers>;
  /** The key of whoever runs this; null when there is none. SIGNING_KEY_UNREADABLE. */
  readonly signer: () => Promise<Signer | null>;
  /** How long a step waits for a person before the release holds: milliseconds, or as planned. */
  readonly approvalWaitMs: number | 'planned';
  /** Asks whoever sits here for a word; left out where nobody does. */
  readonly askHere?: AskHere;
  /** Asks a person what follows from a step that is no go; left out where nobody can be asked. */
  readonly decide?: Decide;
  /** What to do about leases that another release holds: it ends with LEASE_HELD when left out. */
  readonly whenHeld?: WhenHeld;
  readonly onEntry: EntryListener;
}
