import { z } from 'zod';
import type { EnvironmentName } from '../base/environments.ts';
import { rememberSecret } from '../base/redact.ts';
import { vaultReference } from '../config/env-file.ts';
import type { CheckResult } from './check.ts';
import { checklistName } from './checklist.ts';
import {
  type EnvironmentsList,
  type Expectation,
  readEnvironmentsList,
} from './environments-list.ts';
import type { CheckKind } from './kind.ts';
import { environmentScope, environmentsOf, scopeText } from './scope.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: environmentScope.default('both'),
  matrix: checklistName.default('environments.yaml'),
});

/** What one environment's env file holds. */
export interface MatrixObservation {
  readonly environment: EnvironmentName;
  readonly envFile: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** Invisible characters are made visible: a blank at the end is a mismatch that nobody sees. */
function shown(value: string): string {
  return /^[\x21-\x7e]+$/.test(value) ? value : JSON.stringify(value);
}

function assessText(
  expected: string,
  value: string,
): Pick<CheckResult, 'status' | 'expected' | 'observed'> {
  return {
    status: value === expected ? 'pass' : 'fail',
    expected: shown(expected),
    observed: shown(value),
  };
}

function assessReference(
  secret: string,
  value: string,
): Pick<CheckResult, 'status' | 'expected' | 'observed' | 'remedy'> {
  const expected = `vault:${secret}`;
  const reference = vaultReference(value);
  if (reference !== null) {
    const status = reference.path === secret ? 'pass' : 'fail';
    return { status, expected, observed: value };
  }
  return {
    status: 'fail',
    expected,
    observed: `a literal value of ${value.length} characters, not shown`,
    remedy: `Write the key to the vault secret ${secret}, put ${expected} in its place, and renew the key: it stood in a file.`,
  };
}

function assessOne(
  variable: string,
  expectation: Expectation,
  { environment, envFile, variables }: MatrixObservation,
): CheckResult {
  const check = {
    id: `environment-matrix/${environment}/${variable}`,
    title: `${variable} in ${environment}`,
  };
  const expected =
    typeof expectation === 'string' ? shown(expectation) : `vault:${expectation.vault}`;
  const remedy = `Set ${variable}=${expected} in ${envFile}.`;
  const value = variables.get(variable);
  if (value === undefined || value === '') {
    const observed = value === undefined ? 'unset' : 'empty';
    return { ...check, status: 'fail', expected, observed, remedy };
  }
  const found =
    typeof expectation === 'string'
      ? assessText(expectation, value)
      : assessReference(expectation.vault, value);
  return found.status === 'pass' ? { ...check, ...found } : { ...check, remedy, ...found };
}

/** Compares an env file with the matrix, string by string: one result per variable. Pure. */
export function assessMatrix(
  list: EnvironmentsList,
  observation: MatrixObservation,
): readonly CheckResult[] {
  return Object.entries(list.variables).map(([variable, expected]) =>
    assessOne(variable, expected[observation.environment], observation),
  );
}

/** A key that stands in a file as it is must not reach any screen or report. */
function rememberLiterals(list: EnvironmentsList, observation: MatrixObservation): void {
  for (const [variable, expected] of Object.entries(list.variables)) {
    const value = observation.variables.get(variable);
    const wanted = expected[observation.environment];
    if (typeof wanted === 'string' || value === undefined) continue;
    const isReference = value.startsWith('vault:') || value === wanted.vault;
    if (!isReference) rememberSecret(value);
  }
}

/** Step 1: do the env files hold what the plan's matrix says? */
export const environmentMatrix: CheckKind<z.infer<typeof params>> = {
  kind: 'environment-matrix',
  params,
  describe: ({ environment, matrix }) =>
    `the env files of ${scopeText(environment)} against ${matrix}`,
  run: async ({ environment, matrix }, { environments, checklists, signal }) => {
    const list = await readEnvironmentsList(checklists, matrix);
    const results = await Promise.all(
      environmentsOf(environment).map(async (name) => {
        const { envFile, variables } = environments[name];
        const measured = await attempt(signal, () => variables());
        if ('error' in measured) {
          const expected = `${envFile}, readable`;
          const check = {
            id: `environment-matrix/${name}`,
            title: `env file of ${name}`,
            expected,
          };
          return [unmeasured(check, measured.error)];
        }
        const observation = { environment: name, envFile, variables: measured.value };
        rememberLiterals(list, observation);
        return assessMatrix(list, observation);
      }),
    );
    return results.flat();
  },
};
