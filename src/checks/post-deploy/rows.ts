import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import type { Sample } from '../../judge/band-test.ts';
import type { EventRow } from '../../services/database/database.ts';

/** Drivers give whole numbers of 64 bits as objects of their own. */
const count = z.preprocess((value) => Number(value), z.int().min(0));

const answerRow = z.object({ answer: count });
const shareRow = z.object({ bad: count, n: count });
const shapeRow = z.object({ _id: z.object({ n: count, hits: count }), sessions: count });

/** Sessions that are alike: `n` chances each, `hits` of them taken. */
export interface SessionShape {
  readonly n: number;
  readonly hits: number;
  readonly sessions: number;
}

function read<T>(schema: z.ZodType<T>, rows: readonly EventRow[], wanted: string): readonly T[] {
  return rows.map((row) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new AuroraError('NO_DATA', `the pipeline does not answer with ${wanted}`, {
      remedy: 'Compare the pipeline in post-deploy.yaml with the one that ships with aurora.',
    });
  });
}

/** The number of a counting pipeline: `{ answer }`; no row at all is zero. */
export function answerOf(rows: readonly EventRow[]): number {
  return read(answerRow, rows, '{ answer }')[0]?.answer ?? 0;
}

/** The share of a rating pipeline: `{ bad, n }`; no row at all is nothing of nothing. */
export function shareOf(rows: readonly EventRow[]): Sample {
  return read(shareRow, rows, '{ bad, n }')[0] ?? { bad: 0, n: 0 };
}

/** The rows of a KPI's pipeline: `{ _id: { n, hits }, sessions }`. */
export function shapesOf(rows: readonly EventRow[]): readonly SessionShape[] {
  return read(shapeRow, rows, '{ _id: { n, hits }, sessions }').map(({ _id, sessions }) => ({
    ..._id,
    sessions,
  }));
}
