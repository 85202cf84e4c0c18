import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import type { IndexInfo } from '../services/database/database.ts';
import type { CheckResult } from './check.ts';
import { checklistName } from './checklist.ts';
import type { CheckContext, CheckKind } from './kind.ts';
import { readPreFlightList, type WantedIndex } from './pre-flight-list.ts';
import { environmentScope, environmentsOf, scopeText } from './scope.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: environmentScope.default('both'),
  list: checklistName.default('pre-flight.yaml'),
});

function describeIndex(environment: EnvironmentName, wanted: WantedIndex) {
  return {
    id: `indexes/${environment}/${wanted.collection}.${wanted.field}`,
    title: `index on ${wanted.collection}.${wanted.field} in ${environment}`,
    expected: `an index whose first field is ${wanted.field}`,
  };
}

function fieldsText({ fields }: IndexInfo): string {
  return fields.map((field) => field.name).join(' + ');
}

/** Whether one of the indexes serves the wanted field: it leads in it. Pure. */
export function assessIndex(
  environment: EnvironmentName,
  wanted: WantedIndex,
  indexes: readonly IndexInfo[],
): CheckResult {
  const check = describeIndex(environment, wanted);
  const serving = indexes.find((index) => index.fields[0]?.name === wanted.field);
  if (serving !== undefined) {
    return { ...check, status: 'pass', observed: `${serving.name} (${fieldsText(serving)})` };
  }
  const others = indexes.map((index) => `${index.name} (${fieldsText(index)})`).join(', ');
  const note = wanted.note === undefined ? '' : ` ${wanted.note}`;
  return {
    ...check,
    status: 'fail',
    observed: others === '' ? 'no index, or no such collection' : `only ${others}`,
    remedy: `Run \`migrate:up\` of the build against ${environment}; this step makes no index.${note}`,
  };
}

async function checkOne(
  environment: EnvironmentName,
  wanted: WantedIndex,
  { services, signal }: CheckContext,
): Promise<CheckResult> {
  const measured = await attempt(signal, async () => {
    const database = await services.database();
    return database.indexes(environment, wanted.collection, signal);
  });
  return 'error' in measured
    ? unmeasured(describeIndex(environment, wanted), measured.error)
    : assessIndex(environment, wanted, measured.value);
}

/** Step 2: do the indexes exist? It only looks; making them is the work of a migration. */
export const indexes: CheckKind<z.infer<typeof params>> = {
  kind: 'indexes',
  params,
  describe: ({ environment, list }) => `the indexes of ${list} in ${scopeText(environment)}`,
  run: async ({ environment, list }, context) => {
    const { indexes: wanted } = await readPreFlightList(context.checklists, list);
    return Promise.all(
      environmentsOf(environment).flatMap((name) =>
        wanted.map((index) => checkOne(name, index, context)),
      ),
    );
  },
};
