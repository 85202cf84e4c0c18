import { z } from 'zod';
import { isoTime } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { Effect, EffectKind } from './effect.ts';
import { planned } from './planned.ts';

const params = z.strictObject({
  for: z
    .string()
    .describe('How long; the silence expires by itself.')
    .transform((text, issues) => {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      issues.addIssue({ code: 'custom', message: `"${text}" is no duration such as "2 h"` });
      return z.NEVER;
    }),
});
type Params = z.infer<typeof params>;

/** Silences the concierge's alerts, with an expiry: people know already. */
export const silenceAlerts: EffectKind<Params> = {
  kind: 'silence-alerts',
  params,
  create({ for: durationMs }, context): Effect {
    const comment = `aurora rollback of ${context.release}`;
    const own = async (signal: AbortSignal) => {
      const all = await (await context.services.alerts()).silences(signal);
      return all.find((silence) => silence.comment === comment && silence.state !== 'expired');
    };
    return planned({
      key: 'silence-alerts',
      title: "silence the concierge's alerts",
      describe: () => [
        `silence on the concierge's labels for ${durationMs / 60_000} min, then it expires by itself`,
      ],
      async probe(signal) {
        return { applied: (await own(signal)) !== undefined, before: {} };
      },
      async plan() {
        const alerts = await context.services.alerts();
        const endsAt = context.clock.now() + durationMs;
        return [alerts.prepareSilence({ endsAt, author: context.actor, comment })];
      },
      async verify(signal) {
        const silence = await own(signal);
        return {
          ok: silence !== undefined,
          expected: 'an active silence with an expiry',
          observed:
            silence === undefined ? 'none' : `${silence.state} until ${isoTime(silence.endsAt)}`,
        };
      },
    });
  },
};
