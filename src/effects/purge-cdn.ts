import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { widgetPath } from '../deploy/builds/widget-path.ts';
import type { CdnAnswer } from '../services/cdn/cdn.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { planned } from './planned.ts';
import { cdnOf, switchesOf } from './subjects.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  paths: z
    .array(z.string().startsWith('/'))
    .min(1)
    .describe('What to forget; `/widget/*` stands for every bundle.'),
});
type Params = z.infer<typeof params>;

/** What the CDN answers for the widget now. */
function tell(pointer: CdnAnswer, bundle: CdnAnswer | null): string {
  const shown =
    pointer.pointsTo === null ? 'the widget is hidden' : `the pointer names ${pointer.pointsTo}`;
  if (bundle === null) return `${shown}; no bundle is known that could be looked at`;
  return `${shown}; the old bundle answers ${bundle.status}${bundle.cached ? ' from the cache' : ', not from the cache'}`;
}

/** The bundle of a build; null when the build is not known here: a rollback goes on without. */
async function bundleOf(digest: string | null, context: EffectContext): Promise<string | null> {
  if (digest === null || digest === '') return null;
  try {
    const build = await context.findBuild(digest);
    return build === null ? null : await widgetPath(build.directory);
  } catch {
    return null;
  }
}

/** Builds that no journal names are only known by the pointer, which flags that are off hide. */
function subjects(environment: EnvironmentName, context: EffectContext): readonly string[] {
  const { candidate, stable } = context.facts();
  const known = candidate !== '' && stable !== null;
  return known ? [cdnOf(environment)] : [cdnOf(environment), switchesOf(environment)];
}

/**
 * Clears the CDN's copies of the widget bundle, by pattern and, for a CDN that knows none, by the
 * paths of the bundles that are known. What is looked at afterwards is the rolled back build's: the
 * stable one may be fetched and cached again at any moment.
 */
export const purgeCdn: EffectKind<Params> = {
  kind: 'purge-cdn',
  params,
  create({ environment, paths }, context): Effect {
    let named: string | null = null;
    let old: string | null = null;
    return planned({
      key: `purge-cdn/${environment}`,
      title: `clear the CDN of the widget bundle in ${environment}`,
      on: subjects(environment, context),
      describe: () => paths.map((path) => `PURGE ${path} on the CDN of ${environment}`),
      async probe(signal) {
        const cdn = await context.services.cdn();
        named = (await cdn.look(environment, '/widget.js', signal)).pointsTo;
        // A cache cannot be asked what it holds: a purge is always sent, it does no harm.
        return { applied: false, before: { pointsTo: named } };
      },
      async plan() {
        const { candidate, stable } = context.facts();
        old = await bundleOf(candidate, context);
        const bundles = [old, await bundleOf(stable, context), named];
        const all = new Set([...paths, ...bundles.filter((path) => path !== null)]);
        return [(await context.services.cdn()).preparePurge(environment, [...all])];
      },
      async verify(signal) {
        const cdn = await context.services.cdn();
        const pointer = await cdn.look(environment, '/widget.js', signal);
        const path = old ?? named;
        const bundle = path === null ? null : await cdn.look(environment, path, signal);
        return {
          ok: !pointer.cached && bundle?.cached !== true,
          expected: 'no answer for the widget comes from the cache',
          observed: tell(pointer, bundle),
        };
      },
    });
  },
};
