import { randomUUID } from 'node:crypto';
import { type Answer, type Fields, isFields, isText, jsonOf } from './answer.ts';
import type { Inbox } from './inbox.ts';

const severities = ['critical', 'error', 'warning', 'info'];
const actions = ['trigger', 'acknowledge', 'resolve'];

/** Events API v2: accepts an event, or lists what is wrong with it. */
export function receivePagerduty(inbox: Inbox, text: string): Answer {
  const event = jsonOf(text);
  const errors = isFields(event) ? eventErrors(event) : ['the body is not a JSON object'];
  if (!isFields(event) || errors.length > 0) {
    const message = 'Event object is invalid';
    return { status: 400, body: { status: 'invalid event', message, errors } };
  }
  const key = isText(event.dedup_key) ? event.dedup_key : randomUUID().replaceAll('-', '');
  // The routing key is a secret of the sender.
  const { routing_key: _, ...kept } = event;
  inbox.add('pagerduty', { ...kept, dedup_key: key });
  return {
    status: 202,
    body: { status: 'success', message: 'Event processed', dedup_key: key },
  };
}

function eventErrors(event: Fields): string[] {
  const errors: string[] = [];
  if (!isText(event.routing_key)) errors.push("'routing_key' is missing or blank");
  else if (event.routing_key.length !== 32) {
    errors.push("Length of 'routing_key' is incorrect (should be 32 characters)");
  }
  if (!actions.includes(String(event.event_action))) {
    errors.push(`'event_action' is invalid (must be one of: ${actions.join(', ')})`);
  }
  if (event.event_action === 'trigger') errors.push(...payloadErrors(event.payload));
  else if (!isText(event.dedup_key)) errors.push("'dedup_key' is missing or blank");
  if (isText(event.dedup_key) && event.dedup_key.length > 255) {
    errors.push("'dedup_key' is too long (maximum is 255 characters)");
  }
  return errors;
}

function payloadErrors(payload: unknown): string[] {
  if (!isFields(payload)) return ["'payload' is missing or blank"];
  const errors: string[] = [];
  if (!isText(payload.summary)) errors.push("'payload.summary' is missing or blank");
  else if (payload.summary.length > 1024) {
    errors.push("'payload.summary' is too long (maximum is 1024 characters)");
  }
  if (!isText(payload.source)) errors.push("'payload.source' is missing or blank");
  if (!severities.includes(String(payload.severity))) {
    errors.push(`'payload.severity' is invalid (must be one of: ${severities.join(', ')})`);
  }
  return errors;
}
