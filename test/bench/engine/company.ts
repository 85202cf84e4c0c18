// A company on loopback with projects whose plans have so many steps as the words say, each with one
// check that asks the flag server and passes. Prints where they are, and lives until its input ends.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { Company } from '../../release/world-server/company.ts';
import { variablesOf, writeProject, writeTemplate } from '../../release/world-server/project.ts';
import { flagNames, ordinaryDay } from '../../release/world-server/state.ts';

const [directory = '', ...counts] = process.argv.slice(2);

const check = {
  check: 'flag-state',
  with: { environment: 'production', flag: flagNames[0], candidatePercent: 0 },
};

/** The shipped plan with other steps. JSON is YAML too. */
async function planOf(count: number): Promise<string> {
  const shipped = parse(await readFile(join(shippedChecklists(), 'release.yaml'), 'utf8'));
  const { people: _, ...rest } = shipped as { people: unknown; steps: object[] };
  const steps = Array.from({ length: count }, (_, at) => ({
    ...rest.steps[0],
    ...{ step: at + 1, id: `step-${at + 1}`, do: [check] },
  }));
  return JSON.stringify({ ...rest, steps });
}

const template = join(directory, 'template');
const { stable } = await writeTemplate(template);
const company = await new Company(ordinaryDay(stable)).open();
const projects: Record<string, string> = {};
for (const count of counts) {
  const place = join(directory, `project-${count}`);
  await mkdir(place);
  const config = await writeProject(template, place, company);
  await writeFile(join(place, 'plan/release.yaml'), await planOf(Number(count)));
  const own = { ...JSON.parse(await readFile(config, 'utf8')), plan: 'plan' };
  await writeFile(config, JSON.stringify(own));
  projects[count] = place;
}
process.stdout.write(`${JSON.stringify({ projects, env: variablesOf(company) })}\n`);
process.stdin.resume().once('end', () => {
  company.close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
});
