import type { Effect, EffectKind } from './effect.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { sessionsOf } from './subjects.ts';

/**
 * Clears the widget's session cache. Customers go on shopping meanwhile: what `verify` asks is that
 * the sessions cached before are gone, so far fewer are left than there were, not that none is new.
 */
export const clearSessions: EffectKind<EnvironmentParams> = {
  kind: 'clear-sessions',
  params: environmentParams,
  create({ environment }, context): Effect {
    /** Null until it was seen: a cache that could not be counted is not an empty one. */
    let before: number | null = null;
    let removed = 0;
    return planned({
      key: `clear-sessions/${environment}`,
      title: `clear the widget session cache of ${environment}`,
      on: [sessionsOf(environment)],
      describe: () => [`session cache: remove every key with the session prefix of ${environment}`],
      async probe(signal) {
        before = await (await context.services.cache()).count(environment, signal);
        return { applied: before === 0, before: { sessions: before } };
      },
      async plan() {
        const cache = await context.services.cache();
        const clear = cache.prepareClear(environment);
        const send = async (signal: AbortSignal) => {
          before ??= await cache.count(environment, signal);
          removed = await clear.send(signal);
        };
        return [{ ...clear, send }];
      },
      async verify(signal) {
        const now = await (await context.services.cache()).count(environment, signal);
        return {
          // Some may have run out by themselves; when none is cached, none of them is.
          ok: now === 0 || (before !== null && removed >= before),
          expected: `the ${before} cached sessions are gone`,
          observed: `${removed} removed, ${now} new since`,
        };
      },
    });
  },
};
