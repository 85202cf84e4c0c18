import type { Document as MongoDocument } from 'mongodb';
import type { EventFilter, Share } from './database.ts';

/** The filter of a query on the events: later than `since`, up to and including `until`. */
export function eventQuery(filter: EventFilter): MongoDocument {
  const { since, until, ...equal } = filter;
  const timestamp = {
    ...(since === undefined ? {} : { $gt: since }),
    ...(until === undefined ? {} : { $lte: until }),
  };
  return { ...equal, ...(Object.keys(timestamp).length === 0 ? {} : { timestamp }) };
}

/** `AVG(rating = 'needs_follow_up')`, which leaves out events without a rating. */
export function negativeCsatPipeline(filter: Omit<EventFilter, 'event'>): MongoDocument[] {
  const isNegative = { $eq: ['$rating', 'needs_follow_up'] };
  return [
    {
      $match: {
        ...eventQuery({ ...filter, event: 'aurora_csat_submitted' }),
        rating: { $ne: null },
      },
    },
    {
      $group: {
        _id: null,
        n: { $sum: 1 },
        bad: { $sum: { $cond: [isNegative, 1, 0] } },
      },
    },
  ];
}

/** The share from the pipeline's answer: no document at all when no event matched. */
export function shareOf(rows: readonly MongoDocument[]): Share {
  return { bad: Number(rows[0]?.bad ?? 0), n: Number(rows[0]?.n ?? 0) };
}
