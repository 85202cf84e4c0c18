import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The little of PGlite that is used here. */
export interface Pglite {
  readonly waitReady: Promise<void>;
  query(sql: string, parameters?: readonly unknown[]): Promise<{ readonly rows: unknown[] }>;
  close(): Promise<void>;
}

/** The little of pglite-socket that is used here. */
export interface PgliteSocketServer {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A running Unleash. */
export interface UnleashInstance {
  stop(): Promise<void>;
}

/** The foreign packages, loaded from the cache: they are no dependencies of aurora. */
export interface FlagsModules {
  readonly createPglite: (dataDirectory: string) => Promise<Pglite>;
  readonly createSocketServer: (options: {
    readonly db: Pglite;
    readonly host: string;
    readonly port: number;
    readonly maxConnections: number;
  }) => PgliteSocketServer;
  readonly startUnleash: (options: object) => Promise<UnleashInstance>;
  /** Brings an empty database to the schema of this Unleash. */
  readonly migrate: (options: { readonly db: object }) => Promise<unknown>;
}

interface Foreign {
  readonly PGlite: { create(dataDirectory: string): Promise<Pglite> };
  readonly PGLiteSocketServer: new (
    options: Parameters<FlagsModules['createSocketServer']>[0],
  ) => PgliteSocketServer;
  readonly start: FlagsModules['startUnleash'];
  readonly migrateDb: FlagsModules['migrate'];
}

/**
 * Imports the packages from the directory they are installed in. By file address: a bare import would
 * be resolved from aurora's own modules, or bundled.
 */
export async function loadModules(runtimeDirectory: string): Promise<FlagsModules> {
  const { resolve } = createRequire(join(runtimeDirectory, 'package.json'));
  const load = async (name: string) =>
    (await import(pathToFileURL(resolve(name)).href)) as Partial<Foreign>;
  const [pglite, socket, unleash] = await Promise.all([
    load('@electric-sql/pglite'),
    load('@electric-sql/pglite-socket'),
    load('unleash-server'),
  ]);
  const { PGlite } = pglite;
  const { PGLiteSocketServer } = socket;
  const { start, migrateDb } = unleash;
  if (!PGlite || !PGLiteSocketServer || !start || !migrateDb) {
    throw new Error(`the flag server's packages are not whole: ${runtimeDirectory}`);
  }
  return {
    createPglite: (dataDirectory) => PGlite.create(dataDirectory),
    createSocketServer: (options) => new PGLiteSocketServer(options),
    startUnleash: (options) => start(options),
    migrate: (options) => migrateDb(options),
  };
}
