import { AuroraError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Secret } from '../../base/secret.ts';
import type { HttpChange, Prepared } from '../change.ts';
import { type HttpRequest, parseJson } from '../http/request.ts';
import { requestOf } from '../http/send-change.ts';
import type { Notice, NotifyService } from './notify.ts';
import { examined, privateHttp, refused } from './refusal.ts';

/** Where events go, and the key that routes them to an escalation policy. */
export interface PagerdutySettings {
  /** As people know it; the routing key alone decides. */
  readonly policy: string;
  readonly url: string;
  readonly routingKey: Secret;
  readonly dispatcher?: HttpRequest['dispatcher'];
}

/** Limits of the Events API v2. */
const longestSummary = 1_024;
const longestKey = 255;

/** The request that tells the pager of a notice. */
export function pagerdutyChange(
  { policy, url, routingKey }: Omit<PagerdutySettings, 'dispatcher'>,
  notice: Notice,
): HttpChange {
  return {
    via: 'http',
    service: `pagerduty ${policy}`,
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: { routing_key: routingKey, ...pagerdutyEvent(notice) },
  };
}

/** The on-call pager, over PagerDuty's Events API v2. */
export function openPagerduty(settings: PagerdutySettings): NotifyService {
  const { policy, url, dispatcher } = settings;
  const through = dispatcher === undefined ? {} : { dispatcher };
  const label = `pagerduty ${policy}`;
  const { origin } = new URL(url);
  const prepare = (notice: Notice): Prepared<string> => {
    const change = pagerdutyChange(settings, notice);
    const send = async (signal: AbortSignal) => {
      const answer = await privateHttp({ ...requestOf(change), ...through }, label, signal);
      if (answer.status !== 202) throw refused(answer, label);
      const receipt = parseJson(answer, label) as { dedup_key?: unknown } | null;
      if (typeof receipt?.dedup_key === 'string') return receipt.dedup_key;
      const message = 'accepted without a key: what answers is not PagerDuty';
      throw new AuroraError('SERVICE_ANSWER_INVALID', message, { where: label });
    };
    return { changes: [change], send };
  };
  return {
    kind: 'pagerduty',
    audience: policy,
    label,
    prepare,
    send: (notice, signal) => prepare(notice).send(signal),
    // Only an event would prove the routing key, and doctor must not wake people.
    health: (signal) =>
      examined(async () => {
        await privateHttp({ url: `${origin}/`, ...through }, label, signal);
        const detail = `${origin} is reachable; the routing key is only proven by an event`;
        return { ok: true, detail };
      }),
  };
}

/** A notice as an event; the same key groups what belongs to one release into one incident. */
export function pagerdutyEvent({ title, body, severity, key }: Notice): JsonObject {
  return {
    event_action: 'trigger',
    dedup_key: key.slice(0, longestKey),
    payload: {
      summary: title.slice(0, longestSummary),
      source: 'aurora',
      severity,
      custom_details: { body },
    },
  };
}
