import type { Command } from 'commander';
import { shippedChecklists } from '../config/shipped.ts';
import { loadPlan } from '../plan/load-plan.ts';
import { schemaFiles } from './checklist-schemas.ts';
import { checklistsPage } from './checklists.ts';
import { commandsPage } from './commands.ts';
import { configurationPage } from './configuration.ts';
import { errorsPage } from './errors.ts';
import { exitCodesPage } from './exit-codes.ts';
import { journalPage } from './journal.ts';
import { outputSchema } from './output-schema.ts';

/** Every generated file: path below the package -> text. Reads the shipped plan, writes nothing. */
export async function generatedFiles(program: Command): Promise<ReadonlyMap<string, string>> {
  const plan = await loadPlan(shippedChecklists());
  return new Map([
    ['docs/commands.md', commandsPage(program)],
    ['docs/errors.md', errorsPage()],
    ['docs/exit-codes.md', exitCodesPage()],
    ['docs/configuration.md', configurationPage()],
    ['docs/checklists.md', checklistsPage(plan)],
    ['docs/journal.md', journalPage()],
    ['docs/schemas/output.schema.json', outputSchema()],
    ...schemaFiles(),
  ]);
}
