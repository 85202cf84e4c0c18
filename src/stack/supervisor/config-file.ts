import { join, relative } from 'node:path';
import type { EnvironmentName } from '../../base/environments.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { addressesOf, type StackAddresses } from './addresses.ts';
import { credentialNames as names } from './credentials.ts';
import { databaseNames, type StackLayout, sessionPrefixes, slotLogs } from './layout.ts';
import { publicHosts } from './part-table.ts';

/** The configuration that a stack writes: one like anyone's. */
export const configFile = (layout: Pick<StackLayout, 'directory'>) =>
  join(layout.directory, 'aurora.config.yaml');

/** The vault's mount: a given vault has other things under `secret`. */
export const vaultMount = (layout: Pick<StackLayout, 'sources' | 'mark'>) =>
  layout.sources.vault.from === 'given' ? layout.mark.replaceAll('_', '-') : 'secret';

const quoted = (text: string) => JSON.stringify(text);

/** Where the widget can be looked at. Production has no page of its own: the shop's pages are elsewhere. */
const pages: Readonly<Record<EnvironmentName, string>> = {
  staging: '/demo',
  production: '/api/health?check=widget',
};

/** Where the vault keeps the dashboards' tokens. */
const dashboardSecrets: Readonly<Record<EnvironmentName, string>> = {
  staging: 'aurora-staging-dashboard',
  production: 'aurora-prod-dashboard',
};

/** The dashboards. Each opens with the form to sign in, and then itself. */
function dashboards(origin: string): string {
  const paths = {
    queue: '/dashboard/support/queue',
    capsules: '/dashboard/support/capsules',
    feedback: '/dashboard/support/csat',
    orders: '/dashboard/orders',
    analytics: '/dashboard/analytics/concierge',
  };
  return Object.entries(paths)
    .map(([name, path]) => `      ${name}: ${origin}/dashboard/login?next=${path}`)
    .join('\n');
}

function environment(layout: StackLayout, name: EnvironmentName, all: StackAddresses): string {
  const origin = `https://${publicHosts[name]}`;
  const logs = slotLogs(layout, name).map((path) => relative(layout.directory, path));
  return `  ${name}:
    envFile: env/${name}.env
    # The env file holds the public addresses; connections to them go to the edge on this machine.
    connect:
      ${origin}: ${all.edge[name]}
    driver:
      kind: process
      host: ${all.host}
      edge: ${all.edgeAdmin[name]}
      token: { env: ${names.driverToken} }
    metrics: { kind: concierge }
    logs:
      kind: file
      paths: [${logs.map(quoted).join(', ')}]
    # Where the product manager looks before signing.
    views:
      widget: ${origin}${pages[name]}
      bundle: ${origin}/widget.js
${dashboards(origin)}
      health: ${origin}/api/health
      metrics: ${origin}/api/metrics?format=summary
    # Who the screenshots of the dashboards are made as: somebody who may look and do nothing.
    viewer: { vault: ${dashboardSecrets[name]}#viewer }`;
}

function services(layout: StackLayout, all: StackAddresses): string {
  const databases = databaseNames(layout);
  const prefixes = sessionPrefixes(layout);
  return `services:
  secrets:
    kind: vault
    url: ${all.vault}
    mount: ${vaultMount(layout)}
    auth:
      roleId: { env: ${names.vaultRoleId} }
      secretId: { env: ${names.vaultSecretId} }
  database:
    kind: mongodb
    uri: { env: ${names.mongodbUri} }
    databases:
      staging: ${databases.staging}
      production: ${databases.production}
    events: { database: ${databases.events}, collection: events }
  flags:
    kind: unleash
    url: ${all.flags}
    adminToken: { env: ${names.unleashAdmin} }
    clientTokens:
      staging: { env: ${names.unleashStaging} }
      production: { env: ${names.unleashProduction} }
    project: default
    # The open-source edition has these two environments and no more.
    environments: { staging: development, production: production }
  cache:
    kind: redis
    url: { env: ${names.redisUrl} }
    prefixes:
      staging: ${quoted(prefixes.staging)}
      production: ${quoted(prefixes.production)}
  cdn:
    kind: purge
    urls:
      staging: https://${publicHosts.staging}
      production: https://${publicHosts.production}
    token: { env: ${names.purgeToken} }
  notify:
    - { kind: slack, channel: "#aurora-ops", webhook: { env: ${names.slackWebhook} } }
    - kind: pagerduty
      policy: aurora-concierge-oncall
      url: ${all.receivers}/v2/enqueue
      routingKey: { env: ${names.pagerdutyKey} }
    - kind: email
      host: 127.0.0.1
      port: ${layout.ports.receiversSmtp}
      from: aurora@glowglitch.com
      to: [ops@glowglitch.com]
  alerts:
    kind: alertmanager
    url: ${all.receivers}
    labels: { service: aurora-concierge }`;
}

/** The text of the configuration: relative paths are relative to the stack's directory. */
export function configText(layout: StackLayout): string {
  const all = addressesOf(layout);
  const state = relative(layout.directory, layout.stateDirectory);
  return `# Written by \`aurora stack up\`: the local stack as a release sees it. It is an ordinary
# configuration; \`aurora init\` writes one like it for real services.
project: aurora-concierge

# A rehearsal: no customer is served, so \`--time-scale\` may shorten the watch windows.
rehearsal: true

# The variables that \`env:\` names below. Worth nothing outside of this machine.
credentials: credentials.env

environments:
${environment(layout, 'staging', all)}
${environment(layout, 'production', all)}

${services(layout, all)}

# Who may approve; their keys lie in keys/.
approvers: approvers

# Releases, builds and leases.
state: ${quoted(state === '' ? '.' : state)}
`;
}

/** Writes the configuration into the stack's directory. */
export async function writeConfig(layout: StackLayout): Promise<void> {
  await writeFileAtomic(configFile(layout), configText(layout));
}
