import type { z } from 'zod';
import { AuroraError } from '../base/errors.ts';
import { misfit } from '../checks/registry-entry.ts';
import type { MoveParams } from '../plan/plan.ts';
import { clearSessions } from './clear-sessions.ts';
import { disableFlags } from './disable-flags.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { enableFlags } from './enable-flags.ts';
import { incidentNote } from './incident-note.ts';
import { notifyPeople } from './notify-people.ts';
import { promote } from './promote.ts';
import { purgeCdn } from './purge-cdn.ts';
import { restoreStable } from './restore-stable.ts';
import { retireCandidate } from './retire-candidate.ts';
import { routeCandidate, switchTraffic } from './route.ts';
import { setCohort } from './set-cohort.ts';
import { silenceAlerts } from './silence-alerts.ts';
import { stableCohort } from './stable-cohort.ts';
import { startSlot } from './start-slot.ts';

/** An effect kind whose parameters have been forgotten: they are parsed when it is made. */
export interface AnyEffectKind {
  readonly kind: string;
  /** Their schema, for editors and docs. */
  readonly params: z.ZodType;
  /** Why the parameters do not fit, as `path: reason`; null when they do. */
  validate(params: MoveParams): string | null;
  create(params: MoveParams, context: EffectContext): Effect;
}

function forget<P>(kind: EffectKind<P>): AnyEffectKind {
  return {
    kind: kind.kind,
    params: kind.params,
    validate: (params) => misfit(kind.params, params),
    create: (params, context) => kind.create(kind.params.parse(params), context),
  };
}

const kinds: ReadonlyMap<string, AnyEffectKind> = new Map(
  [
    forget(startSlot),
    forget(switchTraffic),
    forget(routeCandidate),
    forget(setCohort),
    forget(stableCohort),
    forget(enableFlags),
    forget(promote),
    forget(disableFlags),
    forget(restoreStable),
    forget(retireCandidate),
    forget(clearSessions),
    forget(purgeCdn),
    forget(notifyPeople),
    forget(incidentNote),
    forget(silenceAlerts),
  ].map((kind) => [kind.kind, kind]),
);

/** The kind with this word; undefined when there is none. */
export function effectKind(kind: string): AnyEffectKind | undefined {
  return kinds.get(kind);
}

/** Every word that a checklist may use for an effect. */
export const effectKinds: readonly string[] = [...kinds.keys()];

/** Makes the effect that a checklist names. */
export function createEffect(kind: string, params: MoveParams, context: EffectContext): Effect {
  const found = kinds.get(kind);
  if (found === undefined) throw new AuroraError('PLAN_INVALID', `no effect is called ${kind}`);
  return found.create(params, context);
}
