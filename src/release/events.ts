import type { EnvironmentName } from '../base/environments.ts';
import type { JsonObject } from '../base/json.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { ReleaseFacts } from '../checks/kind.ts';
import type { ApprovalBinding } from './statement.ts';

export type { ApprovalBinding } from './statement.ts';

/** How a release can end. */
export type Outcome =
  | 'released'
  | 'no-go'
  | 'rolled-back'
  | 'rollback-incomplete'
  | 'aborted'
  /** A rollback with no release behind it was carried out. */
  | 'rollback-only'
  /** Acts outside a release were carried out: a first deploy, flags switched on again. */
  | 'done';

/** A build as the index knows it. */
export interface BuildIdentity {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

/** The public key that a signature was made with. */
export interface SigningKey {
  /** `SHA256:...` */
  readonly fingerprint: string;
  /** As a line of an approvers file names it: `ssh-ed25519 AAAA...`. */
  readonly text: string;
}

/** A known error as the journal keeps it. */
export interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly remedy?: string;
}

/** Everything that can happen in a release, with what the journal keeps of it. */
export interface EventData {
  'release.created': {
    readonly project: string;
    readonly build: BuildIdentity;
    /** What production served when the release began; null at a first launch. */
    readonly stable: BuildIdentity | null;
    readonly plan: {
      readonly version: string;
      readonly digest: string;
      readonly directory: string;
    };
    readonly timeScale: number;
    readonly rehearsal: boolean;
    /** `connect:` of both environments, shown in the ticket. */
    readonly connect: { readonly [origin: string]: string };
    /** Fingerprint of the starter's signing key, where there is one: nobody approves their own. */
    readonly starterKey?: string;
  };
  'release.resumed': {
    readonly from: number;
    /** Steps from there on are carried out again, whatever they came to. */
    readonly again?: boolean;
  };
  'lease.acquired': {
    readonly environment: EnvironmentName;
    readonly fence: number;
    readonly holder: string;
    /** Whose right it was, where it was taken and not given back. */
    readonly takenFrom?: {
      readonly release: string;
      readonly actor: string;
      readonly host: string;
      readonly since: string;
      readonly why: 'expired' | 'dead' | 'takeover' | 'rollback';
    };
  };
  /** Somebody else has the right now: the process behind this journal can write nothing more. */
  'release.overtaken': {
    readonly by: string;
    /** Whose run it is now. */
    readonly release: string;
    readonly fence: number;
    readonly environment: EnvironmentName;
  };
  'step.started': {
    readonly step: number;
    readonly plannedMs: number;
    /** Left out where it is the release's own; a resumed release may have another. */
    readonly timeScale?: number;
  };
  'check.done': { readonly step: number; readonly move: number; readonly result: CheckResult };
  /** A long check tells how far it is; a watch that broke off goes on from what it saw. */
  'watch.progress': { readonly step: number; readonly text: string; readonly data?: JsonObject };
  'effect.started': {
    readonly step: number;
    readonly key: string;
    readonly title: string;
    /** What was there before, enough to undo it. */
    readonly before: JsonObject;
  };
  'effect.done': {
    readonly step: number;
    readonly key: string;
    readonly title: string;
    /** It was so already; nothing was applied. */
    readonly already: boolean;
    readonly expected: string;
    readonly observed: string;
    readonly facts?: Partial<ReleaseFacts>;
  };
  'effect.failed': {
    readonly step: number;
    readonly key: string;
    readonly title: string;
    readonly error: RecordedError;
  };
  'effect.undone': { readonly step: number; readonly key: string; readonly title: string };
  'effect.undo-failed': {
    readonly step: number;
    readonly key: string;
    readonly title: string;
    readonly error: RecordedError;
  };
  'approval.requested': {
    readonly step: number;
    readonly role: string;
    readonly name: string | null;
    /** How many people must give their word. */
    readonly count: number;
    /** How many people of the approvers file may; null where a word needs no signature. */
    readonly eligible: number | null;
    readonly binding: ApprovalBinding;
    readonly expiresAt: number;
    /** Exact command that gives it. */
    readonly command: string;
  };
  'approval.given': {
    readonly step: number;
    /** Id in the approvers file; the name given where nothing was signed. */
    readonly by: string;
    readonly name: string;
    readonly role: string;
    readonly signed: boolean;
    readonly comment: string | null;
    readonly binding: ApprovalBinding;
    readonly statement: string;
    /** Armored SSHSIG over `statement`. */
    readonly signature: string | null;
    readonly key: SigningKey | null;
  };
  'approval.rejected': {
    readonly step: number;
    readonly by: string;
    readonly name: string;
    readonly role: string;
    readonly reason: string;
    readonly statement: string;
    readonly signature: string | null;
    readonly key: SigningKey | null;
  };
  /** A word that was offered and not accepted, with why. */
  'approval.refused': {
    readonly step: number;
    readonly by: string;
    readonly code: string;
    readonly reason: string;
    /** Digest of statement and signature: each is refused once. */
    readonly word: string;
  };
  /** What was approved is open again: taken back, or no longer true. */
  'approval.revoked': {
    readonly step: number;
    /** `aurora` where nobody took it back and something it was bound to has changed. */
    readonly by: string;
    readonly role: string;
    readonly reason: string;
    readonly statement: string | null;
    readonly signature: string | null;
    readonly key: SigningKey | null;
  };
  /** A person of a permitted role sets a rule of the plan aside, in writing. */
  'override.given': {
    readonly subject: 'freeze' | 'skip';
    /** Name of the window, or number of the step. */
    readonly about: string;
    readonly by: string;
    readonly role: string;
    readonly reason: string;
    readonly signed: boolean;
    readonly statement: string;
    readonly signature: string | null;
    readonly key: SigningKey | null;
  };
  'step.skipped': {
    readonly step: number;
    readonly by: string;
    readonly role: string;
    readonly reason: string;
    readonly signed: boolean;
  };
  /** The owner of a step was told that it is their turn, or that it takes longer than planned. */
  'owner.told': {
    readonly step: number;
    readonly owner: string;
    readonly why: 'turn' | 'overdue';
    /** The channel. */
    readonly over: string;
    readonly ok: boolean;
    readonly error?: RecordedError;
  };
  'step.ended': {
    readonly step: number;
    readonly verdict: Verdict;
    readonly reasons: readonly string[];
    /** SHA-256 over the canonical check results of the step. */
    readonly evidence: string;
  };
  'release.held': {
    readonly step: number;
    readonly reason: string;
    readonly waitsFor: 'approval' | 'evidence' | 'person';
  };
  'release.interrupted': { readonly step: number | null; readonly signal: string };
  'release.failed': { readonly step: number | null; readonly error: RecordedError };
  'rollback.started': { readonly reason: string; readonly only: 'flags' | null };
  'compensation.started': {
    readonly key: string;
    readonly title: string;
    readonly before: JsonObject;
  };
  'compensation.done': {
    readonly key: string;
    readonly title: string;
    readonly already: boolean;
    readonly expected: string;
    readonly observed: string;
  };
  'compensation.failed': {
    readonly key: string;
    readonly title: string;
    readonly error: RecordedError;
  };
  'rollback.ended': {
    readonly complete: boolean;
    readonly failed: readonly string[];
    /** Whether customers were seen, from outside, to be off the candidate. */
    readonly customersSafe: boolean;
    readonly proof: readonly string[];
  };
  'flags.restored': { readonly flags: readonly string[] };
  'document.written': {
    readonly kind: 'ticket' | 'release-notes' | 'incident-note';
    readonly path: string;
    /** Of the text as it was written then. Documents are written anew: the last one counts. */
    readonly sha256?: string;
  };
  /** Entries that the store would not take when they happened; they follow this one. */
  'rescue.merged': { readonly entries: number; readonly path: string };
  'release.ended': { readonly outcome: Outcome; readonly exit: number; readonly reason: string };
}

export type EventType = keyof EventData;

/** One entry of the journal. `prev` is the SHA-256 of the previous line; 64 zeros for the first. */
export type JournalEntry<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly v: 1;
    readonly release: string;
    readonly seq: number;
    readonly prev: string;
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly actor: string;
    readonly type: K;
    readonly data: EventData[K];
  };
}[T];
