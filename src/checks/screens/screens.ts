import { z } from 'zod';
import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckResult } from '../check.ts';
import { checklistName } from '../checklist.ts';
import type { CheckKind } from '../kind.ts';
import { oneEnvironment } from '../scope.ts';
import { attempt, unmeasured } from '../unmeasured.ts';
import { takeScreens } from './take.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  list: checklistName.default('screens.yaml'),
});

function described(environment: EnvironmentName, id: string) {
  return {
    id: `screens/${environment}/${id}`,
    title: `screenshots of ${environment}`,
    expected: 'of the widget and of the dashboards',
  };
}

function missing(environment: EnvironmentName, what: string): CheckResult {
  return { ...described(environment, 'left'), status: 'error', observed: `none of ${what}` };
}

/**
 * Screenshots as a gate: where none can be made nothing was seen, and that is no pass. `links` with
 * `screens: auto` makes them where it can, and says where it could not.
 */
export const screens: CheckKind<z.infer<typeof params>> = {
  kind: 'screens',
  params,
  describe: ({ environment, list }) => `the journeys of ${list} in a browser, on ${environment}`,
  run: async ({ environment, list }, context) => {
    const made = await attempt(context.signal, () => takeScreens({ environment, list }, context));
    if ('error' in made) return [unmeasured(described(environment, 'browser'), made.error)];
    const { results, left } = made.value;
    return [...results, ...left.map((what) => missing(environment, what))];
  },
};
