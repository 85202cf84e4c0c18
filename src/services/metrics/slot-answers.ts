import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Dispatcher } from '../http/connect.ts';
import { http, parseJson } from '../http/request.ts';
import type { CohortCounters } from './metrics.ts';
import { parsePrometheus } from './prometheus-text.ts';
import { type MetricsSummary, type Point, parsePoints, parseSummary } from './recent.ts';
import { scrapedCounters } from './scrape.ts';

/** One slot and the way to it. */
export interface SlotAddress {
  readonly url: string;
  readonly build: string;
  readonly dispatcher?: Dispatcher | undefined;
}

/** Asks `/api/metrics` of a slot; what `parse` throws becomes SERVICE_ANSWER_INVALID. */
async function ask<T>(
  { url: base, dispatcher }: SlotAddress,
  query: string,
  parse: (text: string, where: string) => T,
  signal: AbortSignal,
): Promise<T> {
  const url = new URL(`/api/metrics${query}`, base).href;
  const where = `GET ${url}`;
  const answer = await http(
    { url, timeoutMs: 5_000, ...(dispatcher === undefined ? {} : { dispatcher }) },
    signal,
  );
  if (answer.status !== 200) {
    throw new AuroraError('SERVICE_REFUSED', `status ${answer.status}`, { where });
  }
  try {
    return parse(answer.text, where);
  } catch (cause) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', wordsOf(cause), { where, cause });
  }
}

/** The validator's message is a page of JSON; that it did not fit says enough. */
function wordsOf(cause: unknown): string {
  const isOurs = cause instanceof AuroraError || cause instanceof SyntaxError;
  return isOurs ? messageOf(cause) : 'not the metrics of a concierge';
}

const json = (text: string, where: string) => parseJson({ status: 200, headers: {}, text }, where);

/** The counters of the build in this slot since its process began. */
export const scrape = (slot: SlotAddress, signal: AbortSignal): Promise<CohortCounters> =>
  ask(
    slot,
    '?format=prometheus',
    (text) => scrapedCounters(parsePrometheus(text), slot.build, Date.now()),
    signal,
  );

/** The last requests of this slot, a thousand at most. */
export const points = (slot: SlotAddress, signal: AbortSignal): Promise<readonly Point[]> =>
  ask(slot, '', (text, where) => parsePoints(json(text, where)), signal);

/** The same, summed up by the slot. */
export const summary = (slot: SlotAddress, signal: AbortSignal): Promise<MetricsSummary> =>
  ask(slot, '?format=summary', (text, where) => parseSummary(json(text, where)), signal);
