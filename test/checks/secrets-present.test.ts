import { describe, expect, it } from 'vitest';
import { assessSecret, secretsPresent } from '../../src/checks/secrets-present.ts';
import type { SecretsService } from '../../src/services/secrets/secrets.ts';
import { contextWith, environmentWith, someServices } from './support/context.ts';
import { sealedVault, secretsWith } from './support/memory.ts';

const variables = {
  CONCIERGE_API_KEY: 'vault:api-key',
  CONCIERGE_BUCKET_ACCESS_KEY_ID: 'vault:bucket#accessKeyId',
  CONCIERGE_BUCKET_SECRET_ACCESS_KEY: 'vault:bucket#secretAccessKey',
};
const stored = {
  'api-key#value': 'k'.repeat(40),
  'bucket#accessKeyId': 'AKIAEXAMPLE12345',
  'bucket#secretAccessKey': 'wJalrXUtnFEMI-example',
};

function look(secrets: SecretsService, written: Record<string, string> = variables) {
  const context = contextWith({
    environments: {
      staging: environmentWith('staging', written),
      production: environmentWith('production', variables),
    },
    services: someServices({ secrets: async () => secrets }),
  });
  return secretsPresent.run(secretsPresent.params.parse({}), context);
}

describe('secrets', () => {
  it('pass when every reference leads to a value, which is never shown', async () => {
    const results = await look(secretsWith(stored));
    expect(results.map(({ status }) => status)).toEqual(Array(6).fill('pass'));
    expect(results[0]?.observed).toBe('present, 40 characters, vault:api-key');
    for (const value of Object.values(stored)) expect(JSON.stringify(results)).not.toContain(value);
  });

  it.each([
    ['unset', { CONCIERGE_API_KEY: undefined }, 'unset'],
    ['literal', { CONCIERGE_API_KEY: 'sk_live_literal' }, 'a literal value, not shown'],
    [
      'leading nowhere',
      { CONCIERGE_API_KEY: 'vault:nowhere' },
      'vault:nowhere is not in the vault',
    ],
  ])('fail when one is %s', async (_, change, observed) => {
    const written = Object.fromEntries(
      Object.entries({ ...variables, ...change }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    const failed = (await look(secretsWith(stored), written)).filter((r) => r.status !== 'pass');
    expect(failed).toMatchObject([
      { id: 'secrets/staging/CONCIERGE_API_KEY', status: 'fail', observed },
    ]);
    expect(failed[0]?.remedy).toBeTruthy();
  });

  it('fail when the value is empty', () => {
    const observation = {
      environment: 'staging',
      envFile: 'x.env',
      name: 'A',
      reference: 'vault:a',
      length: 0,
    } as const;
    expect(assessSecret(observation)).toMatchObject({
      status: 'fail',
      observed: 'vault:a is empty',
    });
  });

  it('cannot be measured in a sealed vault: an error each, with the remedy', async () => {
    const results = await look(sealedVault());
    expect(results).toHaveLength(6);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'error', remedy: 'Unseal it.' });
      expect(result.observed).toContain('Vault is sealed');
    }
  });
});
