import { join } from 'node:path';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';

/** What people sign in to the dashboards with: the owner's alone. */
export const dashboardFile = (layout: Pick<StackLayout, 'directory'>) =>
  join(layout.directory, 'dashboard-credentials.env');

/** Where the dashboards are on this machine, and one token for each role; mode 0600. */
export async function writeDashboardAccess(layout: StackLayout): Promise<void> {
  const { edge } = addressesOf(layout);
  const lines = environmentNames.flatMap((name) => ['', ...access(layout, name, edge[name])]);
  const head = `# Written by \`aurora stack up\`: the dashboards of this stack and who may look at them.
# Open an address, and sign in with the token of a role. Worth nothing outside of this machine.`;
  await writeFileAtomic(dashboardFile(layout), `${[head, ...lines].join('\n')}\n`);
}

function access({ secrets }: StackLayout, name: EnvironmentName, edge: string): readonly string[] {
  const tokens = Object.entries(secrets.dashboards[name]);
  return [
    `# ${edge}/dashboard`,
    ...tokens.map(([role, token]) => `${name.toUpperCase()}_${role.toUpperCase()}="${token}"`),
  ];
}
