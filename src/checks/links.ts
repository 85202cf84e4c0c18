import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { http } from '../services/http/request.ts';
import type { CheckResult } from './check.ts';
import { checklistName } from './checklist.ts';
import type { CheckContext, CheckKind } from './kind.ts';
import { oneEnvironment } from './scope.ts';
import { screensWherePossible, withoutScreens } from './screens/optional.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  screens: z
    .enum(['auto', 'off'])
    .default('off')
    .describe('`auto`: also screenshots, where this machine has a browser.'),
  list: checklistName.default('screens.yaml').describe('What the screenshots show.'),
});

function describeLink(environment: EnvironmentName, name: string) {
  return {
    id: `links/${environment}/${name}`,
    title: `${name} in ${environment}`,
    expected: 'opens (200)',
  };
}

/** Whether a person who is asked to approve can look at a view. Pure. */
export function assessLink(
  environment: EnvironmentName,
  name: string,
  { address, status }: { readonly address: string; readonly status: number },
): CheckResult {
  const check = { ...describeLink(environment, name), evidence: { address } };
  if (status === 200) return { ...check, status: 'pass', observed: address };
  const remedy = `Correct the page, or the address in environments.${environment}.views.`;
  return { ...check, status: 'fail', observed: `${address} answered ${status}`, remedy };
}

/** Nobody can approve what nobody can see. */
function nothingToSee(environment: EnvironmentName): CheckResult {
  return {
    id: `links/${environment}`,
    title: `views of ${environment}`,
    status: 'inconclusive',
    expected: 'at least one view',
    observed: 'the configuration names none',
    remedy: `Name the widget and the dashboards under environments.${environment}.views.`,
  };
}

async function openViews(
  environment: EnvironmentName,
  { environments, signal }: CheckContext,
): Promise<readonly CheckResult[]> {
  const { views, dispatcher } = environments[environment];
  return Promise.all(
    Object.entries(views).map(async ([name, address]) => {
      const answer = await attempt(signal, () => http({ url: address, dispatcher }, signal));
      if ('error' in answer) return unmeasured(describeLink(environment, name), answer.error);
      return assessLink(environment, name, { address, status: answer.value.status });
    }),
  );
}

/**
 * Step 5: can the views be opened that the approval is about? With screenshots where they can be
 * made: what a browser shows to be wrong fails, what no browser could look at is said in words.
 */
export const links: CheckKind<z.infer<typeof params>> = {
  kind: 'links',
  params,
  describe: ({ environment, screens }) =>
    `the views of ${environment} open${screens === 'auto' ? ', with screenshots where there is a browser' : ''}`,
  run: async ({ environment, screens, list }, context) => {
    const opened = await openViews(environment, context);
    if (opened.length === 0) return [nothingToSee(environment)];
    if (screens === 'off' || opened.some(({ status }) => status !== 'pass')) return opened;
    const { results, left } = await screensWherePossible({ environment, list }, context);
    return [...withoutScreens(opened, left), ...results];
  },
};
