import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { parseJson } from '../http/request.ts';
import type { Notice, NotifyService } from './notify.ts';
import { examined, privateHttp, refused } from './refusal.ts';

/** Where events go, and the key that routes them to an escalation policy. */
export interface PagerdutySettings {
  /** As people know it; the routing key alone decides. */
  readonly policy: string;
  readonly url: string;
  readonly routingKey: Secret;
}

/** Limits of the Events API v2. */
const longestSummary = 1_024;
const longestKey = 255;

/** The on-call pager, over PagerDuty's Events API v2. */
export function openPagerduty({ policy, url, routingKey }: PagerdutySettings): NotifyService {
  const label = `pagerduty ${policy}`;
  const { origin } = new URL(url);
  return {
    kind: 'pagerduty',
    audience: policy,
    label,
    send: async (notice, signal) => {
      const body = { routing_key: routingKey.reveal(), ...pagerdutyEvent(notice) };
      const answer = await privateHttp({ method: 'POST', url, body }, label, signal);
      if (answer.status !== 202) throw refused(answer, label);
      const receipt = parseJson(answer, label) as { dedup_key?: unknown } | null;
      if (typeof receipt?.dedup_key !== 'string') {
        const message = 'accepted without a key: what answers is not PagerDuty';
        throw new AuroraError('SERVICE_ANSWER_INVALID', message, { where: label });
      }
      return receipt.dedup_key;
    },
    // Only an event would prove the routing key, and doctor must not wake people.
    health: (signal) =>
      examined(async () => {
        await privateHttp({ url: `${origin}/` }, label, signal);
        const detail = `${origin} is reachable; the routing key is only proven by an event`;
        return { ok: true, detail };
      }),
  };
}

/** A notice as an event; the same key groups what belongs to one release into one incident. */
export function pagerdutyEvent({ title, body, severity, key }: Notice): object {
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
