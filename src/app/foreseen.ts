import { Secret } from '../base/secret.ts';
import { vaultReference } from '../config/env-file.ts';
import type { EffectContext } from '../effects/effect.ts';
import type { Foreseen, Forthcoming } from '../effects/foresee.ts';
import type { Engine } from '../release/engine.ts';
import type { ForeseenContent } from '../report/schema/plan.ts';
import { changeLine, shownChange } from '../services/change.ts';

/** An engine whose slots are described without asking the vault: a dry run shows no secret anyway. */
export function withoutVault(engine: Engine): Engine {
  const slotEnv: EffectContext['slotEnv'] = async (environment) => {
    const variables = await engine.environments[environment].variables();
    return Object.fromEntries(
      [...variables].map(([name, value]) => [
        name,
        vaultReference(value) === null ? value : new Secret('', value),
      ]),
    );
  };
  return { ...engine, slotEnv };
}

/** What a dry run tells of an effect, for machines. */
export function foreseenDocument({ effect }: Forthcoming, foreseen: Foreseen): ForeseenContent {
  return {
    title: effect.title,
    already: foreseen.already,
    unknown: foreseen.unknown,
    changes: foreseen.changes === null ? null : foreseen.changes.map(shownChange),
  };
}

/** What a dry run tells of an effect below its words, a line each. */
export function foreseenLines({ effect }: Forthcoming, foreseen: Foreseen): readonly string[] {
  if (foreseen.already) return ['it is so already: nothing is sent'];
  if (foreseen.changes === null) return [foreseen.unknown ?? 'cannot be told'];
  const sent = foreseen.changes.map((change) => `send ${changeLine(change)}`);
  return effect.blind === true ? [...sent, 'not sent when it is so already'] : sent;
}
