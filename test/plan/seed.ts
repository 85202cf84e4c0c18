import { readFile } from 'node:fs/promises';

/** One row of the deployment plan's table of steps, as people wrote it. */
export interface SeedStep {
  readonly step: string;
  readonly owner: string;
  readonly duration: string;
  readonly description: string;
  readonly criterion: string;
}

/** The lines under a heading, up to the next one. */
function section(text: string, heading: string): readonly string[] {
  const lines = text.split('\n');
  const begin = lines.indexOf(`## ${heading}`) + 1;
  if (begin === 0) throw new Error(`the plan has no section ${heading}`);
  const length = lines.slice(begin).findIndex((line) => line.startsWith('## '));
  return length === -1 ? lines.slice(begin) : lines.slice(begin, begin + length);
}

function cells(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The deployment plan, read from the copy of it beside the tests. */
export async function readSeed() {
  const path = new URL('../fixtures/deployment-plan.md', import.meta.url);
  const text = await readFile(path, 'utf8');
  const table = section(text, 'Deployment Steps & Gates').filter((line) => line.startsWith('|'));
  const steps = table.slice(2).map((row): SeedStep => {
    const [step = '', owner = '', duration = '', description = '', criterion = ''] = cells(row);
    return { step, owner, duration, description, criterion };
  });
  const bullets = section(text, 'Rollback').filter((line) => line.startsWith('- '));
  return {
    title: /^# (.+)$/m.exec(text)?.[1],
    version: /^Version: (\S+) \((\S+)\)$/m.exec(text)?.slice(1, 3),
    steps,
    rollback: bullets.map((line) => line.slice(2).replaceAll('`', '')),
  };
}
