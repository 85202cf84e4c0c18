import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { planned } from './planned.ts';
import { switchesOf } from './subjects.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  flags: z.array(z.string()).min(1).describe('Names of the flags.'),
});
type Params = z.infer<typeof params>;

async function readAll(
  context: EffectContext,
  { environment, flags: names }: Params,
  signal: AbortSignal,
): Promise<readonly FlagState[]> {
  const flags = await context.services.flags();
  return Promise.all(names.map((name) => flags.read(name, environment, signal)));
}

/** Switches flags on again, after a rollback. */
export const enableFlags: EffectKind<Params> = {
  kind: 'enable-flags',
  params,
  create(wanted, context): Effect {
    const { environment, flags: names } = wanted;
    const list = names.join(', ');
    return planned({
      key: `enable-flags/${environment}`,
      title: `switch on ${list} in ${environment}`,
      on: [switchesOf(environment)],
      describe: () => names.map((name) => `flag ${name} in ${environment}: on`),
      async probe(signal) {
        const states = await readAll(context, wanted, signal);
        const off = states.filter((state) => !state.enabled).map((state) => state.name);
        return { applied: off.length === 0, before: { off } };
      },
      async plan(signal) {
        const { prepare } = await context.services.flags();
        return (await readAll(context, wanted, signal)).flatMap((state) => prepare.enable(state));
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
    });
  },
};
