import type { FlagsModules, Pglite } from './modules.ts';
import type { FlagsTokens } from './options.ts';

const host = '127.0.0.1';

/** One Unleash on its own PGlite. */
export interface FlagServer {
  close(): Promise<void>;
}

/** Only warnings and errors, on stderr: the supervisor keeps them in the part's log. */
const getLogger = (name: string) => {
  const write =
    (level: string) =>
    (...parts: unknown[]) => {
      const text = parts.map((p) => (p instanceof Error ? (p.stack ?? p.message) : String(p)));
      process.stderr.write(`${level} ${name}: ${text.join(' ')}\n`);
    };
  const silent = () => undefined;
  return {
    debug: silent,
    info: silent,
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
};

function initialTokens(tokens: FlagsTokens): object[] {
  const client = (environment: 'development' | 'production') => ({
    type: 'backend',
    environment,
    projects: ['default'],
    secret: tokens[environment],
    tokenName: `aurora-${environment}`,
  });
  return [
    {
      type: 'admin',
      environment: '*',
      projects: ['*'],
      secret: tokens.admin,
      tokenName: 'aurora-admin',
    },
    client('development'),
    client('production'),
  ];
}

function databaseOptions(port: number): object {
  return {
    host,
    port,
    user: 'postgres',
    password: 'postgres',
    database: 'postgres',
    schema: 'public',
    driver: 'postgres',
    ssl: false,
    // PGlite has one backend: with more connections, transactions deadlock.
    pool: { min: 0, max: 1 },
  };
}

function unleashOptions(port: number, databasePort: number, tokens: FlagsTokens): object {
  return {
    db: { ...databaseOptions(databasePort), disableMigration: true },
    server: { host, port, gracefulShutdownEnable: false, secret: tokens.admin },
    getLogger,
    versionCheck: { enable: false },
    telemetry: false,
    authentication: {
      initialAdminUser: { username: 'admin', password: tokens.admin },
      initApiTokens: initialTokens(tokens),
    },
  };
}

/** A database directory opened and served on loopback, with what else was started upon it. */
interface Served {
  readonly db: Pglite;
  /** Adds what `close` must end before the database. */
  onClose(step: () => Promise<void>): void;
  close(): Promise<void>;
}

async function serveDatabase(
  modules: FlagsModules,
  dataDirectory: string,
  port: number,
): Promise<Served> {
  const db = await modules.createPglite(dataDirectory);
  const steps: (() => Promise<void>)[] = [() => db.close()];
  const close = async () => {
    for (const step of steps.splice(0).reverse()) await step().catch(() => undefined);
  };
  // With the default of one connection the migration dies half-way.
  const socket = modules.createSocketServer({ db, host, port, maxConnections: 20 });
  try {
    await socket.start();
  } catch (error) {
    await close();
    throw error;
  }
  steps.push(() => socket.stop());
  return { db, onClose: (step) => steps.push(step), close };
}

/** Fills an empty directory with a migrated database without tokens or flags. */
export async function migrateDatabase(
  modules: FlagsModules,
  dataDirectory: string,
  port: number,
): Promise<void> {
  const served = await serveDatabase(modules, dataDirectory, port);
  try {
    await modules.migrate({ db: databaseOptions(port) });
  } finally {
    await served.close();
  }
}

/**
 * Starts Unleash over a migrated database directory; ready when it resolves. Whatever tokens the
 * directory knew are replaced by the given ones.
 */
export async function startFlagServer(
  modules: FlagsModules,
  options: {
    readonly port: number;
    readonly databasePort: number;
    readonly dataDirectory: string;
    readonly tokens: FlagsTokens;
  },
): Promise<FlagServer> {
  const { port, databasePort, tokens } = options;
  const served = await serveDatabase(modules, options.dataDirectory, databasePort);
  try {
    // Unleash takes the tokens of its options only while it has none at all.
    await served.db.query('DELETE FROM api_tokens');
    const unleash = await modules.startUnleash(unleashOptions(port, databasePort, tokens));
    served.onClose(() => unleash.stop());
    return { close: served.close };
  } catch (error) {
    await served.close();
    throw error;
  }
}
