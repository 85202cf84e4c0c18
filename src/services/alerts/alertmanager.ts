import { type Clock, isoTime, systemClock } from '../../base/clock.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { HttpChange, Prepared } from '../change.ts';
import type { ServiceHealth } from '../health.ts';
import { type HttpAnswer, type HttpRequest, http, parseJson } from '../http/request.ts';
import { requestOf } from '../http/send-change.ts';
import type { AlertsService, Silence, SilenceRequest } from './alerts.ts';
import { isOn, type Labels, labelFilters, silencesOf } from './silence-answers.ts';

/** Where Alertmanager is, and which alerts are the concierge's. */
export interface AlertmanagerSettings {
  readonly url: string;
  /** Only alerts with all of these labels are silenced. */
  readonly labels: Labels;
  readonly dispatcher?: HttpRequest['dispatcher'];
}

const answerMs = 5_000;

const apiOf = (url: string) => `${url.replace(/\/+$/, '')}/api/v2`;

/** The request for a silence that begins at `now`. */
export function silenceChange(
  { url, labels }: Pick<AlertmanagerSettings, 'url' | 'labels'>,
  { endsAt, author, comment }: SilenceRequest,
  now: number,
): HttpChange {
  return {
    via: 'http',
    service: `alertmanager ${url}`,
    method: 'POST',
    url: `${apiOf(url)}/silences`,
    headers: { 'content-type': 'application/json' },
    body: {
      matchers: Object.entries(labels).map(([name, value]) => {
        return { name, value, isRegex: false, isEqual: true };
      }),
      startsAt: isoTime(now),
      endsAt: isoTime(endsAt),
      createdBy: author,
      comment,
    },
  };
}

/** Silences in an Alertmanager (API v2). */
export function openAlertmanager(
  settings: AlertmanagerSettings,
  clock: Pick<Clock, 'now'> = systemClock,
): AlertsService {
  const { url, labels, dispatcher } = settings;
  const base = apiOf(url);
  const label = `alertmanager ${url}`;
  const ask = (request: HttpRequest, signal: AbortSignal) =>
    exchange({ ...request, ...(dispatcher === undefined ? {} : { dispatcher }) }, label, signal);
  const prepareSilence = (request: SilenceRequest): Prepared<string> => {
    const change = silenceChange(settings, request, clock.now());
    return {
      changes: [change],
      send: async (signal) => idOf(await ask(requestOf(change), signal), label),
    };
  };
  return {
    label,
    prepareSilence,
    silence: (request, signal) => prepareSilence(request).send(signal),
    silences: async (signal): Promise<readonly Silence[]> => {
      const query = labelFilters(labels);
      const answer = await ask({ url: `${base}/silences?${query}` }, signal);
      return silencesOf(parseJson(answer, label), label)
        .filter((silence) => isOn(silence, labels))
        .map(({ matchers: _, ...silence }) => silence);
    },
    health: async (signal): Promise<ServiceHealth> => {
      try {
        const answer = await ask({ url: `${base}/status` }, signal);
        const info = fieldsOf(answer, label).versionInfo as { version?: unknown } | undefined;
        if (typeof info?.version === 'string') {
          return { ok: true, detail: `Alertmanager ${info.version}, answers` };
        }
        const remedy = 'Correct services.alerts.url.';
        return { ok: false, detail: 'what answers is no Alertmanager', remedy };
      } catch (error) {
        const remedy = error instanceof AuroraError ? { remedy: error.remedy } : {};
        return { ok: false, detail: messageOf(error), ...remedy };
      }
    },
  };
}

function idOf(answer: HttpAnswer, where: string): string {
  const { silenceID } = fieldsOf(answer, where);
  if (typeof silenceID === 'string' && silenceID !== '') return silenceID;
  throw new AuroraError('SERVICE_ANSWER_INVALID', 'the silence got no id', { where });
}

/** One exchange; every status but 200 is SERVICE_REFUSED with what was said. */
async function exchange(
  request: HttpRequest,
  where: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const answer = await http({ timeoutMs: answerMs, ...request }, signal);
  if (answer.status === 200) return answer;
  const said = answer.text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const message = `Alertmanager answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
  throw new AuroraError('SERVICE_REFUSED', message, { where });
}

function fieldsOf(answer: HttpAnswer, where: string): Readonly<Record<string, unknown>> {
  const value = parseJson(answer, where);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
