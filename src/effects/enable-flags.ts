import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import type { Effect, EffectKind } from './effect.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  flags: z.array(z.string()).min(1).describe('Names of the flags.'),
});
type Params = z.infer<typeof params>;

/** Switches flags on again, after a rollback. */
export const enableFlags: EffectKind<Params> = {
  kind: 'enable-flags',
  params,
  create({ environment, flags: names }, context): Effect {
    const list = names.join(', ');
    return {
      key: `enable-flags/${environment}`,
      title: `switch on ${list} in ${environment}`,
      describe: () => names.map((name) => `flag ${name} in ${environment}: on`),
      async probe(signal) {
        const flags = await context.services.flags();
        const states = await Promise.all(
          names.map((name) => flags.read(name, environment, signal)),
        );
        const off = states.filter((state) => !state.enabled).map((state) => state.name);
        return { applied: off.length === 0, before: { off } };
      },
      async apply(signal) {
        const flags = await context.services.flags();
        await Promise.all(names.map((name) => flags.enable(name, environment, signal)));
      },
      async verify(signal) {
        const flags = await context.services.flags();
        const seen = await Promise.all(names.map((name) => flags.seen(name, environment, signal)));
        return {
          ok: seen.every((state) => state.enabled),
          expected: `clients see ${list} on`,
          observed: seen.map((state) => `${state.name} ${state.enabled ? 'on' : 'off'}`).join(', '),
        };
      },
    };
  },
};
