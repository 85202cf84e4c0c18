import { z } from 'zod';
import { sloSchema } from '../../judge/slo.ts';
import { checklistName, readChecklist } from '../checklist.ts';
import type { CheckKind } from '../kind.ts';
import { oneEnvironment } from '../scope.ts';
import { assessPostDeploy } from './assess.ts';
import { postDeploySchema } from './list.ts';
import { measurePostDeploy, settle } from './measure.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  list: checklistName
    .default('post-deploy.yaml')
    .describe('File with queries and KPIs, in the directory of the checklists.'),
});
export type PostDeployParams = z.infer<typeof params>;

/** Step 9: the plan's queries, the KPIs against their baseline, and the SLOs again. */
export const postDeploy: CheckKind<PostDeployParams> = {
  kind: 'post-deploy',
  params,
  describe: ({ environment, list }) =>
    `queries, KPIs against the stored baseline, and SLOs in ${environment}, by ${list}`,
  run: async ({ environment, list: file }, context) => {
    const list = await readChecklist(context.checklists, file, postDeploySchema);
    const slo = await readChecklist(context.checklists, list.slo, sloSchema);
    const kpis = await settle(list, environment, context);
    const seen = await measurePostDeploy(list, { slo, kpis }, environment, context);
    return assessPostDeploy(list, seen);
  },
};
