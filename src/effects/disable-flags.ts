import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import type { JsonObject } from '../base/json.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { Effect, EffectKind } from './effect.ts';
import { planned } from './planned.ts';
import { switchesOf } from './subjects.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  flags: z.array(z.string()).min(1).describe('Names of the flags.'),
});
type Params = z.infer<typeof params>;

function asBefore(states: readonly FlagState[]): JsonObject {
  return {
    flags: Object.fromEntries(
      states.map((flag) => [
        flag.name,
        {
          enabled: flag.enabled,
          stable: flag.strategies.find((s) => s.cohort === 'stable')?.build ?? null,
          candidate: flag.strategies.find((s) => s.cohort === 'candidate')?.build ?? null,
        },
      ]),
    ),
  };
}

/** Switches the flags off, all in one go: the kill switch that hides the widget in every build. */
export const disableFlags: EffectKind<Params> = {
  kind: 'disable-flags',
  params,
  create({ environment, flags: names }, context): Effect {
    const list = names.join(', ');
    return planned({
      key: `disable-flags/${environment}`,
      title: `switch off ${list} in ${environment}`,
      on: [switchesOf(environment)],
      blind: true,
      describe: () => names.map((name) => `flag ${name} in ${environment}: off`),
      async probe(signal) {
        const flags = await context.services.flags();
        const states = await Promise.all(
          names.map((name) => flags.read(name, environment, signal)),
        );
        return { applied: states.every((state) => !state.enabled), before: asBefore(states) };
      },
      plan: async () => (await context.services.flags()).prepare.disable(names, environment),
      async verify(signal) {
        const flags = await context.services.flags();
        const seen = await Promise.all(names.map((name) => flags.seen(name, environment, signal)));
        return {
          ok: seen.every((state) => !state.enabled),
          expected: `clients see ${list} off`,
          observed: seen.map((state) => `${state.name} ${state.enabled ? 'on' : 'off'}`).join(', '),
        };
      },
    });
  },
};
