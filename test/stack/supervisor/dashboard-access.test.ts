import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256 } from '../../../src/concierge/ids.ts';
import { readSettings } from '../../../src/concierge/settings.ts';
import { readEnvFile } from '../../../src/config/env-file.ts';
import {
  dashboardFile,
  writeDashboardAccess,
} from '../../../src/stack/supervisor/dashboard-access.ts';
import { vaultSecrets } from '../../../src/stack/supervisor/env-files.ts';
import { aLayout } from './a-layout.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-dashboards-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it('the tokens that people are given are those that the service takes, each for its role', async () => {
  const layout = await aLayout(directory);
  await writeDashboardAccess(layout);
  const given = await readEnvFile(dashboardFile(layout));
  const vault = vaultSecrets(layout);
  for (const [name, path] of [
    ['STAGING', 'aurora-staging-dashboard'],
    ['PRODUCTION', 'aurora-prod-dashboard'],
  ] as const) {
    const { tokens = '', ...single } = vault[path] ?? {};
    const { dashboard } = readSettings({
      CONCIERGE_API_KEY: 'a-key',
      AURORA_USE_STUBS: 'true',
      AURORA_DASHBOARD_TOKENS: tokens,
    });
    expect([...dashboard.tokens.values()].sort()).toEqual(Object.keys(single).sort());
    for (const [role, token] of Object.entries(single)) {
      expect(given.get(`${name}_${role.toUpperCase()}`)).toBe(token);
      expect(dashboard.tokens.get(sha256(token))).toBe(role);
    }
  }
});

it('the file with them is the owner’s alone, and says where the dashboards are', async () => {
  const layout = await aLayout(directory);
  await writeDashboardAccess(layout);
  expect((await stat(dashboardFile(layout))).mode & 0o777).toBe(0o600);
  const text = await readFile(dashboardFile(layout), 'utf8');
  expect(text).toContain(`# http://127.0.0.1:${layout.ports.edge.staging}/dashboard\n`);
});

it('tokens that are none are refused, and never named', () => {
  for (const text of ['{', '[]', '{"short":"viewer"}', '{"a-token-of-somebody":"king"}']) {
    const variables = {
      CONCIERGE_API_KEY: 'k',
      AURORA_USE_STUBS: 'true',
      AURORA_DASHBOARD_TOKENS: text,
    };
    const refusal = (() => {
      try {
        readSettings(variables);
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    expect(refusal).toContain('AURORA_DASHBOARD_TOKENS is not usable');
    expect(refusal).not.toContain('somebody');
  }
});
