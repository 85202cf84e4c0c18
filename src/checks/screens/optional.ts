import type { EnvironmentName } from '../../base/environments.ts';
import { messageOf } from '../../base/errors.ts';
import type { CheckResult } from '../check.ts';
import type { CheckContext } from '../kind.ts';
import { attempt } from '../unmeasured.ts';
import { type Screens, takeScreens } from './take.ts';

/**
 * Screenshots for whoever decides by links as well: what was seen counts, passed or failed, and what
 * could not be looked at is left, in words. It is no pass, and it blocks nobody.
 */
export async function screensWherePossible(
  params: { readonly environment: EnvironmentName; readonly list: string },
  context: CheckContext,
): Promise<Screens> {
  const made = await attempt(context.signal, () => takeScreens(params, context));
  if ('error' in made) {
    return { results: [], left: [`the widget and the dashboards (${messageOf(made.error)})`] };
  }
  const { results, left } = made.value;
  const unseen = results.filter(isUnseen);
  return {
    results: results.filter((result) => !isUnseen(result)),
    left: [...left, ...unseen.map(({ title, observed }) => `${title} (${observed})`)],
  };
}

/** What was left behind in the environment is no screenshot that is missing: that stays a result. */
function isUnseen({ id, status }: CheckResult): boolean {
  return status === 'error' && !id.endsWith('/traces');
}

/** Says beside the links which screenshots there are none of. Pure. */
export function withoutScreens(
  links: readonly CheckResult[],
  left: readonly string[],
): readonly CheckResult[] {
  const [first, ...rest] = links;
  if (first === undefined || left.length === 0) return links;
  return [
    {
      ...first,
      observed: `${first.observed}; no screenshot of ${left.join(', nor of ')}`,
      evidence: { ...first.evidence, noScreens: [...left] },
    },
    ...rest,
  ];
}
