import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIdentity } from './identity.ts';
import { migrateUp } from './migrate.ts';
import type { ConciergePlugin } from './plugin.ts';
import { keepRetention } from './retention/run.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { startConcierge } from './start.ts';

/** What a build is made of besides the reference concierge. */
export interface RunOptions {
  readonly plugins: readonly ConciergePlugin[];
}

/**
 * The process of a build: `node server.mjs` serves until SIGTERM, `node server.mjs migrate:up`
 * brings the database to this build's schema and ends, `node server.mjs retention [--dry-run]` lets go
 * of what was kept for long enough and ends. Its settings come from the environment.
 */
export async function runConcierge({ plugins }: RunOptions): Promise<void> {
  const [verb, ...options] = process.argv.slice(2);
  try {
    const settings = readSettings(process.env);
    if (verb === undefined) await serve(settings, plugins);
    else if (verb === 'migrate:up') await migrate(settings);
    else if (verb === 'retention') await retain(settings, options);
    else throw new SettingsError(`${verb} is no command; there are migrate:up and retention`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof SettingsError ? 2 : 1;
  }
}

async function serve(settings: Settings, plugins: readonly ConciergePlugin[]): Promise<void> {
  // Bundled, this file is server.mjs, and its directory is the build.
  const identity = await readIdentity(dirname(fileURLToPath(import.meta.url)));
  const concierge = await startConcierge({ settings, identity, plugins });
  const end = () => void concierge.close();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

async function migrate(settings: Settings): Promise<void> {
  if (settings.mongodbUri === null) throw new SettingsError('MONGODB_URI is not set');
  const { mongodbUri, eventsDatabase } = settings;
  const report = await migrateUp({ mongodbUri, eventsDatabase });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function retain(settings: Settings, options: readonly string[]): Promise<void> {
  if (settings.mongodbUri === null) throw new SettingsError('MONGODB_URI is not set');
  const unknown = options.find((option) => option !== '--dry-run');
  if (unknown !== undefined) {
    throw new SettingsError(`${unknown} is no option of retention; there is --dry-run`);
  }
  const dryRun = options.includes('--dry-run');
  const report = await keepRetention({ mongodbUri: settings.mongodbUri, dryRun });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
