import { connectMongo } from './storage/connect.ts';
import { migrations } from './storage/migrations.ts';

/** What a migration run did. */
export interface MigrationReport {
  /** Steps that this run brought. */
  readonly applied: readonly string[];
  /** Steps that were there; what they make was made sure of again. */
  readonly verified: readonly string[];
}

interface AppliedMigration {
  readonly _id: string;
  readonly appliedAt: Date;
}

/**
 * Brings the databases to the schema of this build, forward only. May run at any time, any number
 * of times, and next to itself. Rejects when the database is away or refuses an index.
 */
export async function migrateUp(target: {
  readonly mongodbUri: string;
  readonly eventsDatabase: string;
}): Promise<MigrationReport> {
  const client = await connectMongo(target.mongodbUri);
  try {
    const databases = { widget: client.db(), events: client.db(target.eventsDatabase) };
    const record = databases.widget.collection<AppliedMigration>('migrations');
    const applied: string[] = [];
    const verified: string[] = [];
    for (const migration of migrations) {
      await migration.up(databases);
      const noted = await record.updateOne(
        { _id: migration.id },
        { $setOnInsert: { appliedAt: new Date() } },
        { upsert: true },
      );
      (noted.upsertedCount > 0 ? applied : verified).push(migration.id);
    }
    return { applied, verified };
  } finally {
    await client.close();
  }
}
