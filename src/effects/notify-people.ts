import { z } from 'zod';
import { AuroraError } from '../base/errors.ts';
import type { Notice, NotifyService } from '../services/notify/notify.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { heard, planned } from './planned.ts';

const params = z.strictObject({
  audience: z.string().describe('Channel, policy or addresses as the configuration names them.'),
  severity: z
    .enum(['info', 'warning', 'critical'])
    .default('critical')
    .describe('How loud, where the way to reach people knows the difference.'),
});
type Params = z.infer<typeof params>;

async function reach(context: EffectContext, audience: string): Promise<NotifyService> {
  const all = await context.services.notify();
  const found = all.find((service) => service.audience === audience);
  if (found !== undefined) return found;
  const known = all.map((service) => service.audience).join(', ');
  throw new AuroraError('EFFECT_FAILED', `nobody is configured as ${audience}`, {
    where: 'services.notify',
    remedy: `Add it there; configured are: ${known || 'none'}.`,
  });
}

function noticeOf(context: EffectContext, severity: Notice['severity']): Notice {
  const { candidate, release, actor, reason } = context;
  const build = candidate === null ? '' : ` from ${candidate.name} ${candidate.version}`;
  return {
    title: `Production is being rolled back${build}`,
    body: `Release ${release}, by ${actor}.\nReason: ${reason}\nThe widget's flags are off. \`aurora status ${release}\` shows the rest.`,
    severity,
    key: release,
  };
}

/** Tells people what happens. The other side's receipt is the only sight there is of it. */
export const notifyPeople: EffectKind<Params> = {
  kind: 'notify',
  params,
  create({ audience, severity }, context): Effect {
    let receipt: string | null | undefined;
    return planned({
      key: `notify/${audience}`,
      title: `tell ${audience}`,
      describe: () => [`message to ${audience}: what was rolled back and why`],
      async probe() {
        await reach(context, audience);
        return { applied: false, before: {} };
      },
      async plan() {
        const service = await reach(context, audience);
        return [
          heard(service.prepare(noticeOf(context, severity)), (answer) => {
            receipt = answer;
          }),
        ];
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
    });
  },
};
