import type { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import type { JsonObject } from '../base/json.ts';
import type { Secret } from '../base/secret.ts';
import type { CheckContext, ReleaseFacts } from '../checks/kind.ts';
import type { Change } from '../services/change.ts';

/** What an effect finds before it acts. */
export interface Probe {
  /** Whether it is so already. */
  readonly applied: boolean;
  /** What is there now, enough to undo the effect later. */
  readonly before: JsonObject;
}

/** What is seen from outside after an effect. */
export interface Sight {
  readonly ok: boolean;
  readonly expected: string;
  readonly observed: string;
  /** What the release knows from now on. */
  readonly facts?: Partial<ReleaseFacts>;
}

/**
 * One act with four faces. `probe` and `verify` only look. `apply` may be called when it is partly
 * done already: after a crash nobody knows. `verify` never trusts the call's own answer.
 */
export interface Effect {
  /** Stable and unique in its step: `start-slot/production`. */
  readonly key: string;
  readonly title: string;
  /** What `apply` will do in words, a line each: told without looking. */
  describe(): readonly string[];
  /** What `apply` would send now, in its order. Only looks. */
  changes(signal: AbortSignal): Promise<readonly Change[]>;
  /**
   * What its changes depend on and are made to. When an effect before it changes the same, a dry run
   * cannot tell them yet. None when left out.
   */
  readonly on?: readonly string[];
  /** Its changes are told without looking at anything: a dry run works with the service down. */
  readonly blind?: true;
  probe(signal: AbortSignal): Promise<Probe>;
  apply(signal: AbortSignal): Promise<void>;
  verify(signal: AbortSignal): Promise<Sight>;
  /** Milliseconds that `verify` may take to become true; 15,000 when left out. */
  readonly settleMs?: number;
  /** Puts back what `before` tells. Left out where there is nothing to put back. */
  undo?(before: JsonObject, signal: AbortSignal): Promise<void>;
}

/** A build on disk, verified. */
export interface BuildAtHand {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly directory: string;
}

/** What effects may use beyond what checks use. */
export interface EffectContext extends Omit<CheckContext, 'facts' | 'progress' | 'looks'> {
  /** As they are now: effects later in a step see what earlier ones found. */
  readonly facts: () => ReleaseFacts;
  /** The build on its way in; absent in a rollback without a release. */
  readonly candidate: BuildAtHand | null;
  readonly flags: CheckContext['flags'] & { readonly all: readonly string[] };
  /** Environment of a slot's process: the env file with its references resolved. */
  readonly slotEnv: (
    environment: EnvironmentName,
    signal: AbortSignal,
  ) => Promise<Readonly<Record<string, string | Secret>>>;
  /** Finds a packed build by digest, verified; null when the store does not have it. */
  readonly findBuild: (digest: string) => Promise<BuildAtHand | null>;
  /** Names this release in messages to people. */
  readonly release: string;
  readonly actor: string;
  /** Why a rollback is being made; empty in a release. */
  readonly reason: string;
  readonly writeDocument: (name: string, text: string) => Promise<string>;
  /** Text of the incident note, composed when it is needed. */
  readonly incidentNote: () => string;
}

/** One kind of effect. */
export interface EffectKind<Params> {
  /** The word in the checklist: `start-slot`. */
  readonly kind: string;
  readonly params: z.ZodType<Params>;
  create(params: Params, context: EffectContext): Effect;
}
