import { connectMongo } from '../storage/connect.ts';
import { rules } from './rules.ts';

/** What one rule came to. */
export interface RuleReport {
  readonly rule: string;
  readonly collection: string;
  /** How many documents had been kept for long enough when the run looked. */
  readonly due: number;
  /** How many of them this run changed or removed: fewer where another run was quicker, 0 in a dry run. */
  readonly done: number;
}

/** What a run of retention did, or would do. */
export interface RetentionReport {
  readonly dryRun: boolean;
  readonly rules: readonly RuleReport[];
}

/**
 * Lets go of what was kept for long enough, as far as no TTL index can: those work by themselves. Forward
 * only, and safe at any time, any number of times and next to itself: every change names what it
 * expects to find. `now` in milliseconds. Rejects when the database is away.
 */
export async function keepRetention(target: {
  readonly mongodbUri: string;
  readonly dryRun: boolean;
  readonly now?: number;
}): Promise<RetentionReport> {
  const { mongodbUri, dryRun, now = Date.now() } = target;
  const client = await connectMongo(mongodbUri);
  try {
    const reports: RuleReport[] = [];
    for (const { rule, collection, due, carryOut } of rules) {
      let found = 0;
      let done = 0;
      for await (const batch of due(client.db(), now)) {
        found += batch.length;
        if (!dryRun) done += await carryOut(client.db(), batch, now);
      }
      reports.push({ rule, collection, due: found, done });
    }
    return { dryRun, rules: reports };
  } finally {
    await client.close();
  }
}
