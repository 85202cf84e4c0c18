import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import type { Company } from '../../bin/rehearsal/company.mjs';
import type { JournalEntry } from '../../src/release/events.ts';
import { foldJournal, type ReleaseState } from '../../src/release/state.ts';
import { address, credential } from './outside.ts';

/** What one look at the canary wrote down. */
export interface Look {
  readonly state: string;
  readonly requests: number;
  readonly failures: number;
  readonly elapsedMs: number;
  readonly drift: string | null;
  readonly metrics: Readonly<Record<string, { readonly n: number; readonly bad: number }>>;
}

/**
 * A configuration and a plan like the stack's own, but for one number: the canary's share. At 25 % as many
 * sessions meet the candidate in six seconds as do in half a minute at the plan's 5 %; what is judged, and
 * how, is the same. Answers the configuration's path.
 */
export async function planAt(company: Company, percent: number): Promise<string> {
  const stack = join(company.state, 'stack');
  const plan = join(company.directory, `plan-${percent}`);
  await mkdir(plan, { recursive: true });
  await cp(join(company.root, 'checklists'), plan, { recursive: true });
  const release = await readFile(join(plan, 'release.yaml'), 'utf8');
  await writeFile(
    join(plan, 'release.yaml'),
    release.replaceAll('percent: 5 }', `percent: ${percent} }`),
  );
  const config = join(stack, `at-${percent}.config.yaml`);
  const written = await readFile(join(stack, 'aurora.config.yaml'), 'utf8');
  await writeFile(config, `${written}\nplan: ${plan}\n`);
  return config;
}

/** The looks at a step, in their order; `after` leaves out entries up to this number. */
export function looksIn(
  entries: readonly JournalEntry[],
  step: number,
  after = 0,
): readonly Look[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'watch.progress' || entry.data.step !== step) return [];
    const { data } = entry.data;
    return entry.seq <= after || data === undefined || !('metrics' in data)
      ? []
      : [data as unknown as Look];
  });
}

export async function stateOf(company: Company, id: string): Promise<ReleaseState> {
  return foldJournal(id, await company.journal(id));
}

/** What step 7 found in its last attempt, by the checks' ids. */
export function bandsOf(state: ReleaseState, step = 7): Readonly<Record<string, string>> {
  const checks = state.steps.get(step)?.checks ?? [];
  return Object.fromEntries(
    checks.flatMap(({ id, band }) => (band === undefined ? [] : [[id, band]])),
  );
}

const widget = 'AURORA_WIDGET_ENABLED';

/** Somebody changes the candidate's share in Unleash's own administration, without telling anyone. */
export async function editShare(company: Company, percent: number): Promise<void> {
  const authorization = await credential(company, /ADMIN/);
  const path = `/api/admin/projects/default/features/${widget}/environments/production/strategies`;
  const url = `${await address(company, 'flags')}${path}`;
  const answer = await request(url, { headers: { authorization } });
  const all = (await answer.body.json()) as {
    id: string;
    title?: string;
    parameters: Record<string, string>;
  }[];
  const found = all.find(({ title }) => title === 'aurora: candidate');
  if (found === undefined) throw new Error(`${widget} has no strategy for the candidate`);
  const { id, ...strategy } = found;
  const changed = { ...strategy, parameters: { ...strategy.parameters, rollout: String(percent) } };
  const put = await request(`${url}/${id}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(changed),
  });
  if (put.statusCode !== 200) throw new Error(`${put.statusCode} ${await put.body.text()}`);
  await put.body.dump();
}

/** What production's shoppers met with since the stack began. */
export async function shopStats(company: Company): Promise<{
  readonly byStatus: Readonly<Record<string, number>>;
  readonly unexpected: number;
}> {
  const answer = await request(`${await address(company, 'shoppers')}/stats`);
  const stats = (await answer.body.json()) as {
    production: { byStatus: Record<string, number>; unexpected: number };
  };
  return stats.production;
}
