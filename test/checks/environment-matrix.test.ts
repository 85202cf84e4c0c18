import { describe, expect, it } from 'vitest';
import type { EnvironmentName } from '../../src/base/environments.ts';
import { AuroraError } from '../../src/base/errors.ts';
import { redact } from '../../src/base/redact.ts';
import { assessMatrix, environmentMatrix } from '../../src/checks/environment-matrix.ts';
import { plannedOrigins, readEnvironmentsList } from '../../src/checks/environments-list.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { contextWith, environmentWith } from './support/context.ts';

const list = await readEnvironmentsList(shippedChecklists());

/** The env file of an environment as the plan wants it. */
function asPlanned(environment: EnvironmentName): Record<string, string> {
  return Object.fromEntries(
    Object.entries(list.variables).map(([name, expected]) => {
      const value = expected[environment];
      return [name, typeof value === 'string' ? value : `vault:${value.vault}`];
    }),
  );
}

function assess(environment: EnvironmentName, changes: Record<string, string | undefined>) {
  const values = { ...asPlanned(environment), ...changes };
  const present = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const variables = new Map(present);
  const results = assessMatrix(list, { environment, envFile: '/env/x.env', variables });
  return results.filter(({ status }) => status !== 'pass');
}

describe('environment matrix', () => {
  it('holds the ten variables of the plan', () => {
    expect(Object.keys(list.variables)).toHaveLength(10);
    expect(plannedOrigins(list)).toEqual({
      staging: 'https://staging.api.glowglitch.com',
      production: 'https://api.glowglitch.com',
    });
  });

  it.each(['staging', 'production'] as const)('passes %s as planned', (environment) => {
    expect(assess(environment, {})).toEqual([]);
  });

  it.each([
    [undefined, 'unset'],
    ['', 'empty'],
    [
      'https://api.glowglitch.com/api/concierge/capsule/',
      'https://api.glowglitch.com/api/concierge/capsule/',
    ],
    [
      'https://API.glowglitch.com/api/concierge/capsule',
      'https://API.glowglitch.com/api/concierge/capsule',
    ],
    [
      'https://api.glowglitch.com/api/concierge/capsule\u00a0',
      '"https://api.glowglitch.com/api/concierge/capsule\u00a0"',
    ],
    [
      'https://staging.api.glowglitch.com/api/concierge/capsule',
      'https://staging.api.glowglitch.com/api/concierge/capsule',
    ],
  ])('fails the value %j and shows it', (value, observed) => {
    expect(assess('production', { CONCIERGE_CAPSULE_ENDPOINT: value })).toEqual([
      {
        id: 'environment-matrix/production/CONCIERGE_CAPSULE_ENDPOINT',
        title: 'CONCIERGE_CAPSULE_ENDPOINT in production',
        status: 'fail',
        expected: 'https://api.glowglitch.com/api/concierge/capsule',
        observed,
        remedy:
          'Set CONCIERGE_CAPSULE_ENDPOINT=https://api.glowglitch.com/api/concierge/capsule in /env/x.env.',
      },
    ]);
  });

  it("fails the operations runbook's endpoints", () => {
    const failed = assess('production', {
      CONCIERGE_PRODUCTS_ENDPOINT: 'https://api.glowglitch.com/catalog/search',
      CONCIERGE_ORDER_STATUS_ENDPOINT: 'https://api.glowglitch.com/orders/status',
    });
    expect(failed.map(({ id }) => id)).toEqual([
      'environment-matrix/production/CONCIERGE_PRODUCTS_ENDPOINT',
      'environment-matrix/production/CONCIERGE_ORDER_STATUS_ENDPOINT',
    ]);
  });

  it('wants the name of the secret, with or without a field', () => {
    expect(assess('staging', { CONCIERGE_API_KEY: 'vault:aurora-staging-api-key#key' })).toEqual(
      [],
    );
    expect(assess('staging', { CONCIERGE_API_KEY: 'vault:aurora-prod-api-key' })).toMatchObject([
      {
        status: 'fail',
        expected: 'vault:aurora-staging-api-key',
        observed: 'vault:aurora-prod-api-key',
      },
    ]);
  });

  it('fails a key that stands in the file and never shows it', async () => {
    const key = 'sk_live_0123456789abcdef';
    const context = contextWith({
      environments: {
        staging: environmentWith('staging', asPlanned('staging')),
        production: environmentWith('production', {
          ...asPlanned('production'),
          CONCIERGE_API_KEY: key,
        }),
      },
    });
    const results = await environmentMatrix.run(environmentMatrix.params.parse({}), context);
    expect(results).toHaveLength(20);
    const failed = results.filter(({ status }) => status !== 'pass');
    expect(failed).toMatchObject([
      { id: 'environment-matrix/production/CONCIERGE_API_KEY', status: 'fail' },
    ]);
    expect(failed[0]?.remedy).toContain('vault secret aurora-prod-api-key');
    expect(JSON.stringify(results)).not.toContain(key);
    expect(redact(`curl -H "Bearer ${key}"`)).not.toContain(key);
  });

  it('does not blank out the name of the secret when it stands there bare', async () => {
    const staging = { ...asPlanned('staging'), CONCIERGE_API_KEY: 'aurora-staging-api-key' };
    const context = contextWith({
      environments: {
        staging: environmentWith('staging', staging),
        production: environmentWith('production', {}),
      },
    });
    await environmentMatrix.run({ environment: 'staging', matrix: 'environments.yaml' }, context);
    expect(redact('vault:aurora-staging-api-key')).toBe('vault:aurora-staging-api-key');
  });

  it('cannot be measured without the file', async () => {
    const broken = {
      ...environmentWith('staging', {}),
      variables: async () => {
        throw new AuroraError('ENV_FILE_INVALID', 'no such file', { where: '/env/staging.env' });
      },
    };
    const context = contextWith({
      environments: { staging: broken, production: environmentWith('production', {}) },
    });
    const results = await environmentMatrix.run(
      { environment: 'staging', matrix: 'environments.yaml' },
      context,
    );
    expect(results).toMatchObject([{ id: 'environment-matrix/staging', status: 'error' }]);
    expect(results[0]?.observed).toContain('no such file (/env/staging.env)');
  });
});
