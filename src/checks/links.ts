import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { http } from '../services/http/request.ts';
import type { CheckResult } from './check.ts';
import type { CheckKind } from './kind.ts';
import { oneEnvironment } from './scope.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const params = z.strictObject({ environment: oneEnvironment });

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

/** Step 5: can the views be opened that the approval is about? */
export const links: CheckKind<z.infer<typeof params>> = {
  kind: 'links',
  params,
  describe: ({ environment }) => `the views of ${environment} open`,
  run: async ({ environment }, { environments, signal }) => {
    const view = environments[environment];
    const named = Object.entries(view.views);
    if (named.length === 0) return [nothingToSee(environment)];
    return Promise.all(
      named.map(async ([name, address]) => {
        const { dispatcher } = view;
        const answer = await attempt(signal, () => http({ url: address, dispatcher }, signal));
        if ('error' in answer) return unmeasured(describeLink(environment, name), answer.error);
        return assessLink(environment, name, { address, status: answer.value.status });
      }),
    );
  },
};
