import initSqlJs, { type Database, type SqlValue } from 'sql.js';

/** An event as analytics keeps it; times in milliseconds since the epoch. */
export interface PlainEvent {
  readonly event: string;
  readonly at: number;
  readonly sessionId: string;
  readonly environment: string;
  readonly build: string;
  /** Undefined where the event has no such field. */
  readonly rating?: string | null | undefined;
}

/** Which events the plan's table shows; all of them when left out. */
export type Shown = 'all' | { readonly environment: string; readonly build: string };

/**
 * The plan's `aurora.events` in SQLite. It is a view, so that the bare word DEPLOY of the plan's SQL is
 * a name that exists: the SQL runs as it stands, letter by letter.
 */
export class PlansTable {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
    db.run("ATTACH ':memory:' AS aurora");
    db.run('CREATE TABLE aurora.written (event, timestamp, sessionId, environment, build, rating)');
    db.run('CREATE TABLE aurora.facts (deploy)');
  }

  static async open(): Promise<PlansTable> {
    const { Database } = await initSqlJs();
    return new PlansTable(new Database());
  }

  /** Takes these events instead of the ones before. */
  fill(events: readonly PlainEvent[], deploy: number, now: number, shown: Shown): void {
    const db = this.#db;
    db.run('DROP VIEW IF EXISTS aurora.events');
    db.run('DELETE FROM aurora.written; DELETE FROM aurora.facts');
    db.run('INSERT INTO aurora.facts VALUES (?)', [deploy]);
    for (const { event, at, sessionId, environment, build, rating } of events) {
      const row = [event, at, sessionId, environment, build, rating ?? null];
      db.run('INSERT INTO aurora.written VALUES (?, ?, ?, ?, ?, ?)', row);
    }
    // What the plan's sentence leaves to the table that it asks: one build, one environment, until now.
    const whose =
      shown === 'all'
        ? ''
        : `AND environment = '${shown.environment}' AND build = '${shown.build}'`;
    db.run(`CREATE VIEW aurora.events AS
      SELECT written.*, facts.deploy AS DEPLOY FROM written, facts
      WHERE timestamp <= ${now} ${whose}`);
  }

  /** The rows of a query. */
  rows(sql: string): readonly (readonly SqlValue[])[] {
    return this.#db.exec(sql)[0]?.values ?? [];
  }

  /** The only value of a query. */
  value(sql: string): SqlValue | undefined {
    return this.rows(sql)[0]?.[0];
  }

  close(): void {
    this.#db.close();
  }
}
