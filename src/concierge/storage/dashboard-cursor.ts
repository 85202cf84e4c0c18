import { z } from 'zod';

/** Where a page ended: the sort keys of its last row. Dates travel as milliseconds. */
export interface Place {
  /** Priority, where the list is sorted by it first. */
  readonly rank: string;
  readonly at: Date;
  readonly id: string;
}

const schema = z.tuple([z.string().max(40), z.number().int(), z.string().max(160)]);

/** A place as it stands in an address. */
export function cursorOf({ rank, at, id }: Place): string {
  return Buffer.from(JSON.stringify([rank, at.getTime(), id])).toString('base64url');
}

/** The place that a cursor stands for; undefined for one that is none. */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [rank, at, id] = schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const date = new Date(at);
    return Number.isNaN(date.getTime()) ? undefined : { rank, at: date, id };
  } catch {
    return undefined;
  }
}

type Direction = 1 | -1;

/** The filter for what comes behind a place in a list sorted by `[rank,] at, id`. */
export function behind(
  place: Place | undefined,
  fields: { readonly rank?: string; readonly at: string; readonly id: string },
  direction: Direction,
): Record<string, unknown> {
  if (place === undefined) return {};
  const further = direction === 1 ? '$gt' : '$lt';
  const { rank, at, id } = fields;
  const same = rank === undefined ? {} : { [rank]: place.rank };
  const later = [
    { ...same, [at]: { [further]: place.at } },
    { ...same, [at]: place.at, [id]: { [further]: place.id } },
  ];
  // The first bound is the one that an index begins at; the rest is looked at row by row.
  return rank === undefined
    ? { [at]: { [`${further}e`]: place.at }, $or: later }
    : { [rank]: { $gte: place.rank }, $or: [{ [rank]: { $gt: place.rank } }, ...later] };
}
