import { type Answer, isFields, isText, jsonOf } from './answer.ts';
import type { Inbox } from './inbox.ts';

/** An incoming webhook, with the answers that Slack gives. */
export function receiveSlack(inbox: Inbox, text: string): Answer {
  const message = jsonOf(text);
  if (!isFields(message)) return { status: 400, body: 'invalid_payload' };
  const { blocks, attachments } = message;
  for (const list of [blocks, attachments]) {
    if (list !== undefined && !Array.isArray(list)) return { status: 400, body: 'invalid_payload' };
  }
  if (message.text !== undefined && typeof message.text !== 'string') {
    return { status: 400, body: 'invalid_payload' };
  }
  const hasContent =
    isText(message.text) || [blocks, attachments].some((list) => Array.isArray(list) && list[0]);
  if (!hasContent) return { status: 400, body: 'no_text' };
  inbox.add('slack', message);
  return { status: 200, body: 'ok' };
}
