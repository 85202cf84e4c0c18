import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildId } from '../base/build-id.ts';
import { cacheDirectory } from '../base/cache-directory.ts';
import { FileKeeper, type Keeper, noKeeper } from '../base/keeper.ts';
import type { PlannedOrigins } from '../checks/environments-list.ts';
import { findConfig, type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { Plan } from '../plan/plan.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';

/**
 * For verbs that only look: what was read and validated before, while no byte of it has changed.
 * Whatever changes something reads its configuration and plan anew.
 */
export function keeperOf(io: Io, build: string | null = buildId): Keeper {
  return build === null ? noKeeper : new FileKeeper(cacheDirectory(io.variables), build);
}

/** The configuration of this call. CONFIG_MISSING or CONFIG_INVALID. */
export async function openConfig(
  io: Io,
  options: GlobalOptions,
  keeper: Keeper = noKeeper,
): Promise<LoadedConfig> {
  const path = findConfig({
    ...(options.config === undefined ? {} : { argument: options.config }),
    variables: io.variables,
    workingDirectory: io.workingDirectory,
  });
  return loadConfig(path, keeper);
}

/** A plan that was found whole, with the address of each environment. */
export interface OpenedPlan {
  readonly plan: Plan;
  readonly origins: PlannedOrigins;
}

/** Every file beside the checklists counts, whether it is one or not. */
function filesOf(directory: string): readonly (readonly [string, Uint8Array])[] {
  const names = readdirSync(directory).sort();
  return names.map((name) => [name, readFileSync(join(directory, name))]);
}

/**
 * The plan of a directory of checklists, every kind and parameter in it checked. PLAN_INVALID. YAML,
 * schemas and kinds load only when it has to be read anew.
 */
export function openPlan(directory: string, keeper: Keeper = noKeeper): Promise<OpenedPlan> {
  const source = { name: 'plan', path: directory, read: () => filesOf(directory) };
  return keeper.keep(source, async () => (await import('./read-plan.ts')).readPlan(directory));
}
