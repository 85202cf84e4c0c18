import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { hasCode } from '../base/errors.ts';
import { vaultReference } from '../config/env-file.ts';
import type { CheckResult } from './check.ts';
import { checklistName } from './checklist.ts';
import type { CheckContext, CheckKind } from './kind.ts';
import { readPreFlightList } from './pre-flight-list.ts';
import { environmentScope, environmentsOf, scopeText } from './scope.ts';
import { attempt, type Measured, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: environmentScope.default('both'),
  names: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Variables to look at; those of the checklist when left out.'),
  list: checklistName.default('pre-flight.yaml'),
});

/** One variable of an env file that must lead to a secret. */
export interface SecretObservation {
  readonly environment: EnvironmentName;
  readonly envFile: string;
  readonly name: string;
  /** Its value in the env file; undefined when unset, null when it is no reference. */
  readonly reference: string | undefined | null;
  /** Length of the secret it leads to, never its text. */
  readonly length?: number;
}

/** Judges one secret. Pure: it sees lengths only. */
export function assessSecret(observation: SecretObservation): CheckResult {
  const { environment, envFile, name, reference, length } = observation;
  const check = { ...describeSecret(environment, name) };
  const remedy = `Set ${name}=vault:<path>#<field> in ${envFile}.`;
  if (reference === undefined) return { ...check, status: 'fail', observed: 'unset', remedy };
  if (reference === null) {
    return { ...check, status: 'fail', observed: 'a literal value, not shown', remedy };
  }
  if (length === undefined || length === 0) {
    const write = `Write a value to ${reference}.`;
    return { ...check, status: 'fail', observed: `${reference} is empty`, remedy: write };
  }
  return { ...check, status: 'pass', observed: `present, ${length} characters, ${reference}` };
}

function describeSecret(environment: EnvironmentName, name: string) {
  return {
    id: `secrets/${environment}/${name}`,
    title: `${name} of ${environment} is in the vault`,
    expected: 'a vault reference that leads to a value',
  };
}

async function checkOne(
  environment: EnvironmentName,
  name: string,
  variables: Measured<ReadonlyMap<string, string>>,
  context: CheckContext,
): Promise<CheckResult> {
  const check = describeSecret(environment, name);
  if ('error' in variables) return unmeasured(check, variables.error);
  const { envFile } = context.environments[environment];
  const written = variables.value.get(name);
  const target = written === undefined ? null : vaultReference(written);
  if (written === undefined || written === '' || target === null) {
    const reference = written === undefined || written === '' ? undefined : null;
    return assessSecret({ environment, envFile, name, reference });
  }
  const secret = await attempt(context.signal, async () => {
    const secrets = await context.services.secrets();
    return secrets.read(target, context.signal);
  });
  if ('error' in secret) return unreadable(check, written, secret.error);
  const length = secret.value.reveal().length;
  return assessSecret({ environment, envFile, name, reference: written, length });
}

/** A secret that is not there is a fact; a vault that is sealed or away is not. */
function unreadable(
  check: ReturnType<typeof describeSecret>,
  reference: string,
  error: unknown,
): CheckResult {
  if (!hasCode(error, 'SECRET_MISSING')) return unmeasured(check, error);
  const remedy = `Write a value to ${reference}.`;
  return { ...check, status: 'fail', observed: `${reference} is not in the vault`, remedy };
}

/** Step 2: do the references of the env files lead to secrets? */
export const secretsPresent: CheckKind<z.infer<typeof params>> = {
  kind: 'secrets',
  params,
  describe: ({ environment, names, list }) =>
    `the secrets of ${scopeText(environment)}: ${names?.join(', ') ?? `those of ${list}`}`,
  run: async ({ environment, names, list }, context) => {
    const wanted = names ?? (await readPreFlightList(context.checklists, list)).secrets;
    const results = await Promise.all(
      environmentsOf(environment).map(async (name) => {
        const view = context.environments[name];
        const variables = await attempt(context.signal, () => view.variables());
        return Promise.all(wanted.map((secret) => checkOne(name, secret, variables, context)));
      }),
    );
    return results.flat();
  },
};
