import { z } from 'zod';
import { AuroraError } from '../base/errors.ts';
import type { Effect, EffectKind } from './effect.ts';

const params = z.strictObject({
  audience: z.string().describe('Channel, policy or addresses as the configuration names them.'),
  severity: z
    .enum(['info', 'warning', 'critical'])
    .default('critical')
    .describe('How loud, where the way to reach people knows the difference.'),
});
type Params = z.infer<typeof params>;

/** Tells people what happens. The other side's receipt is the only sight there is of it. */
export const notifyPeople: EffectKind<Params> = {
  kind: 'notify',
  params,
  create({ audience, severity }, context): Effect {
    let receipt: string | null | undefined;
    const reach = async () => {
      const all = await context.services.notify();
      const found = all.find((service) => service.audience === audience);
      if (found !== undefined) return found;
      const known = all.map((service) => service.audience).join(', ');
      throw new AuroraError('EFFECT_FAILED', `nobody is configured as ${audience}`, {
        where: 'services.notify',
        remedy: `Add it there; configured are: ${known || 'none'}.`,
      });
    };
    return {
      key: `notify/${audience}`,
      title: `tell ${audience}`,
      describe: () => [`message to ${audience}: what was rolled back and why`],
      async probe() {
        await reach();
        return { applied: false, before: {} };
      },
      async apply(signal) {
        const service = await reach();
        const build =
          context.candidate === null
            ? ''
            : ` from ${context.candidate.name} ${context.candidate.version}`;
        receipt = await service.send(
          {
            title: `Production is being rolled back${build}`,
            body: `Release ${context.release}, by ${context.actor}.\nReason: ${context.reason}\nThe widget's flags are off. \`aurora status ${context.release}\` shows the rest.`,
            severity,
            key: context.release,
          },
          signal,
        );
      },
      async verify() {
        return {
          ok: receipt !== undefined,
          expected: `${audience} accepted the message`,
          observed:
            receipt === undefined
              ? 'not sent'
              : `accepted${receipt === null || receipt === '' ? '' : ` (${receipt})`}`,
        };
      },
    };
  },
};
