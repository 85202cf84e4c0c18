/** The tokens of one flag server, random per stack. They reach it over IPC only. */
export interface FlagsTokens {
  /** `*:*.<random>`: may change flags. */
  readonly admin: string;
  /** `default:development.<random>`: what staging's applications read with. */
  readonly development: string;
  /** `default:production.<random>`. */
  readonly production: string;
}

/** What the flag server is told by its supervisor. Everything listens on 127.0.0.1. */
export interface FlagsOptions {
  /** Of the flag server; 0 takes a free one. */
  readonly port: number;
  /** Of the database behind it; 0 takes a free one. */
  readonly databasePort: number;
  /** Where the installed packages lie: see `runtime.ts`. */
  readonly runtimeDirectory: string;
  /** The migrated database that new stacks copy; made on first use. */
  readonly templateDirectory: string;
  /** This stack's own database. */
  readonly dataDirectory: string;
  readonly tokens: FlagsTokens;
}
