import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { HttpChange, Prepared } from '../change.ts';
import type { HttpRequest } from '../http/request.ts';
import { requestOf } from '../http/send-change.ts';
import type { Notice, NotifyService } from './notify.ts';
import { answerMs, examined, privateHttp, refused } from './refusal.ts';

/** A channel, and the webhook that writes into it; whoever knows its address may write there. */
export interface SlackSettings {
  /** As people know it: `#aurora-ops`. The webhook alone decides where messages go. */
  readonly channel: string;
  readonly webhook: Secret;
  /** Milliseconds for one answer; 5,000 when left out. */
  readonly timeoutMs?: number;
  readonly dispatcher?: HttpRequest['dispatcher'];
}

/** Slack cuts texts that are longer. */
const longestText = 39_000;

const signs = { info: ':information_source:', warning: ':warning:', critical: ':rotating_light:' };

/** The request that writes a notice into the channel. */
export function slackChange(webhook: Secret, label: string, notice: Notice): HttpChange {
  return {
    via: 'http',
    service: label,
    method: 'POST',
    url: webhook,
    headers: { 'content-type': 'application/json' },
    body: { text: slackText(notice) },
  };
}

/** Messages to a Slack channel over an incoming webhook. CONFIG_INVALID when its address is none. */
export function openSlack({
  channel,
  webhook,
  timeoutMs = answerMs,
  dispatcher,
}: SlackSettings): NotifyService {
  const { origin } = webhookUrl(webhook);
  const label = `slack ${channel}`;
  const sending = { timeoutMs, ...(dispatcher === undefined ? {} : { dispatcher }) };
  const prepare = (notice: Notice): Prepared<string> => {
    const change = slackChange(webhook, label, notice);
    const send = async (signal: AbortSignal) => {
      const answer = await privateHttp({ ...requestOf(change), ...sending }, label, signal);
      if (answer.status !== 200) throw refused(answer, label);
      if (answer.text.trim() === 'ok') return 'ok';
      const message = 'what answers at the webhook is not Slack';
      throw new AuroraError('SERVICE_ANSWER_INVALID', message, { where: label });
    };
    return { changes: [change], send };
  };
  return {
    kind: 'slack',
    audience: channel,
    label,
    prepare,
    send: (notice, signal) => prepare(notice).send(signal),
    // Only a message would prove the webhook itself, and doctor must not write to people.
    health: (signal) =>
      examined(async () => {
        await privateHttp({ url: `${origin}/`, ...sending }, label, signal);
        const detail = `${origin} is reachable; the webhook itself is only proven by a message`;
        return { ok: true, detail };
      }),
  };
}

function webhookUrl(webhook: Secret): URL {
  const text = webhook.reveal();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AuroraError('CONFIG_INVALID', 'the webhook is not an http or https address', {
      where: webhook.source,
    });
  }
  return url;
}

/** A notice in Slack's own markup. */
export function slackText({ title, body, severity, key }: Notice): string {
  const text = `${signs[severity]} *${escaped(title)}*\n${markup(body)}`;
  const cut = text.length > longestText ? `${text.slice(0, longestText)}\n(cut)` : text;
  return `${cut}\n_${escaped(key)}_`;
}

/** Markdown in Slack's dialect: one asterisk is bold, links carry their address first. */
function markup(markdown: string): string {
  return escaped(markdown)
    .replaceAll(/^#{1,6}\s+(.+)$/gm, '*$1*')
    .replaceAll(/\*\*(.+?)\*\*/g, '*$1*')
    .replaceAll(/\[([^\]\n]+)\]\((https?:\/\/[^)\s|]+)\)/g, '<$2|$1>');
}

/** The three characters that mean something to Slack, so that no text becomes a mention or a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
