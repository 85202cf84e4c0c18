import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { http, parseJson } from '../services/http/request.ts';
import type { CheckResult } from './check.ts';
import { checklistName } from './checklist.ts';
import type { CheckContext, CheckKind } from './kind.ts';
import { readPreFlightList, type StubSwitch } from './pre-flight-list.ts';
import { environmentScope, environmentsOf, scopeText } from './scope.ts';
import { addressOf } from './target.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const source = z.enum(['env-file', 'slot', 'environment']);
type Source = z.infer<typeof source>;

const params = z.strictObject({
  of: source.describe("Who is asked: the env file, the candidate's slot, or what customers get."),
  environment: environmentScope,
  list: checklistName.default('pre-flight.yaml'),
});

const health = z.looseObject({
  stubs: z.looseObject({
    active: z.boolean(),
    fakeMode: z.string().nullable(),
    useStubs: z.string().nullable(),
  }),
});

/** What a running service says of its stubs. */
export type StubsAnswer = z.infer<typeof health>['stubs'];

const sourceText: Readonly<Record<Source, string>> = {
  'env-file': 'the env file',
  slot: 'the candidate slot',
  environment: 'the running service',
};

function describeSwitch(of: Source, environment: EnvironmentName, variable: string) {
  return {
    id: `stubs-off/${of}/${environment}/${variable}`,
    title: `${variable} in ${sourceText[of]} of ${environment}`,
  };
}

/** Whether one switch holds the wanted text, letter by letter; unset is not false. Pure. */
export function assessSwitch(
  of: Source,
  environment: EnvironmentName,
  { variable, mustBe }: StubSwitch,
  value: string | null | undefined,
): CheckResult {
  const check = { ...describeSwitch(of, environment, variable), expected: `"${mustBe}"` };
  if (value === mustBe) return { ...check, status: 'pass', observed: `"${value}"` };
  return {
    ...check,
    status: 'fail',
    observed: value === undefined || value === null ? 'unset' : JSON.stringify(value),
    remedy: `Set ${variable}=${mustBe} in the env file of ${environment} and start the build again.`,
  };
}

/** Whether a running service answers with real data, whatever its variables say. Pure. */
export function assessActive(
  of: Source,
  environment: EnvironmentName,
  { active }: StubsAnswer,
): CheckResult {
  return {
    id: `stubs-off/${of}/${environment}/active`,
    title: `stubs of ${sourceText[of]} of ${environment}`,
    status: active ? 'fail' : 'pass',
    expected: 'not active',
    observed: active ? 'active: it answers with canned data' : 'not active',
    ...(active ? { remedy: 'Do not deploy this build: it answers with canned data.' } : {}),
  };
}

async function askStubs(
  of: 'slot' | 'environment',
  environment: EnvironmentName,
  context: CheckContext,
): Promise<StubsAnswer> {
  const target = of === 'slot' ? 'candidate-slot' : 'environment';
  const url = `${await addressOf(target, environment, context)}/api/health`;
  const { dispatcher } = context.environments[environment];
  const answer = await http({ url, dispatcher }, context.signal);
  const parsed = health.safeParse(parseJson(answer, `GET ${url}`));
  if (!parsed.success) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `status ${answer.status}, no word of stubs`, {
      where: `GET ${url}`,
    });
  }
  return parsed.data.stubs;
}

async function checkEnvFile(
  environment: EnvironmentName,
  switches: readonly StubSwitch[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const view = context.environments[environment];
  const measured = await attempt(context.signal, () => view.variables());
  return switches.map((one) =>
    'error' in measured
      ? unmeasured(
          { ...describeSwitch('env-file', environment, one.variable), expected: one.mustBe },
          measured.error,
        )
      : assessSwitch('env-file', environment, one, measured.value.get(one.variable)),
  );
}

async function checkRunning(
  of: 'slot' | 'environment',
  environment: EnvironmentName,
  switches: readonly StubSwitch[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const measured = await attempt(context.signal, () => askStubs(of, environment, context));
  if ('error' in measured) {
    return switches.map((one) =>
      unmeasured(
        { ...describeSwitch(of, environment, one.variable), expected: one.mustBe },
        measured.error,
      ),
    );
  }
  const answer = measured.value;
  return [
    assessActive(of, environment, answer),
    ...switches.map((one) => assessSwitch(of, environment, one, answer[one.health])),
  ];
}

/** Steps 2, 4 and 6: are stubs off, as written and as running? */
export const stubsOff: CheckKind<z.infer<typeof params>> = {
  kind: 'stubs-off',
  params,
  describe: ({ of, environment }) =>
    `stubs are off in ${sourceText[of]} of ${scopeText(environment)}`,
  run: async ({ of, environment, list }, context) => {
    const { stubs } = await readPreFlightList(context.checklists, list);
    const results = await Promise.all(
      environmentsOf(environment).map((name) =>
        of === 'env-file'
          ? checkEnvFile(name, stubs, context)
          : checkRunning(of, name, stubs, context),
      ),
    );
    return results.flat();
  },
};
