import type { RunningPart } from '../child.ts';
import { freePorts } from '../ports.ts';
import { loadModules } from './modules.ts';
import type { FlagsOptions } from './options.ts';
import { migrateDatabase, startFlagServer } from './server.ts';
import { fillFromTemplate } from './template.ts';

/**
 * Starts the flag server: a real Unleash on PGlite. The first start on a machine migrates a template,
 * later ones copy it. Wants a process of its own: it takes some 450 MB, and Unleash cannot be started
 * twice in one.
 */
export async function startFlags(options: FlagsOptions): Promise<RunningPart> {
  const modules = await loadModules(options.runtimeDirectory);
  const [freePort = 0, freeDatabasePort = 0] = await freePorts(2);
  const port = options.port === 0 ? freePort : options.port;
  const databasePort = options.databasePort === 0 ? freeDatabasePort : options.databasePort;
  await fillFromTemplate(options.templateDirectory, options.dataDirectory, (directory) =>
    migrateDatabase(modules, directory, databasePort),
  );
  const server = await startFlagServer(modules, {
    port,
    databasePort,
    dataDirectory: options.dataDirectory,
    tokens: options.tokens,
  });
  return { endpoints: { http: `http://127.0.0.1:${port}` }, close: () => server.close() };
}
