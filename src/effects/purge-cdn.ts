import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import type { CdnAnswer } from '../services/cdn/cdn.ts';
import type { Effect, EffectKind } from './effect.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  paths: z
    .array(z.string().startsWith('/'))
    .min(1)
    .describe('What to forget; `/widget/*` stands for every bundle.'),
});
type Params = z.infer<typeof params>;

/** The bundle that the pointer names now, asked of the CDN; null when the widget is hidden. */
function tell(pointer: CdnAnswer, bundle: CdnAnswer | null): string {
  const shown =
    pointer.pointsTo === null ? 'the widget is hidden' : `the pointer names ${pointer.pointsTo}`;
  if (bundle === null) return `${shown}, no stale bundle is served`;
  return `${shown}, the bundle known before answers ${bundle.status}${bundle.cached ? ' from the cache' : ', not from the cache'}`;
}

/** Clears the CDN's copies of the widget bundle. */
export const purgeCdn: EffectKind<Params> = {
  kind: 'purge-cdn',
  params,
  create({ environment, paths }, context): Effect {
    let known: string | null = null;
    return {
      key: `purge-cdn/${environment}`,
      title: `clear the CDN of the widget bundle in ${environment}`,
      describe: () => paths.map((path) => `PURGE ${path} on the CDN of ${environment}`),
      async probe(signal) {
        const cdn = await context.services.cdn();
        const pointer = await cdn.look(environment, '/widget.js', signal);
        known = pointer.pointsTo;
        // A cache cannot be asked what it holds: a purge is always sent, it does no harm.
        return { applied: false, before: { pointsTo: known } };
      },
      async apply(signal) {
        const cdn = await context.services.cdn();
        await cdn.purge(
          environment,
          known === null || paths.includes(known) ? paths : [...paths, known],
          signal,
        );
      },
      async verify(signal) {
        const cdn = await context.services.cdn();
        const pointer = await cdn.look(environment, '/widget.js', signal);
        const bundle = known === null ? null : await cdn.look(environment, known, signal);
        return {
          ok: !pointer.cached && (bundle === null || !bundle.cached),
          expected: 'no answer for the widget comes from the cache',
          observed: tell(pointer, bundle),
        };
      },
    };
  },
};
