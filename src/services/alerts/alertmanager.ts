import { type Clock, isoTime, systemClock } from '../../base/clock.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import { type HttpAnswer, type HttpRequest, http, parseJson } from '../http/request.ts';
import type { AlertsService, Silence } from './alerts.ts';
import { isOn, type Labels, labelFilters, silencesOf } from './silence-answers.ts';

/** Where Alertmanager is, and which alerts are the concierge's. */
export interface AlertmanagerSettings {
  readonly url: string;
  /** Only alerts with all of these labels are silenced. */
  readonly labels: Labels;
}

const answerMs = 5_000;

/** Silences in an Alertmanager (API v2). */
export function openAlertmanager(
  { url, labels }: AlertmanagerSettings,
  clock: Pick<Clock, 'now'> = systemClock,
): AlertsService {
  const base = `${url.replace(/\/+$/, '')}/api/v2`;
  const label = `alertmanager ${url}`;
  return {
    label,
    silence: async ({ endsAt, author, comment }, signal) => {
      const body = {
        matchers: Object.entries(labels).map(([name, value]) => {
          return { name, value, isRegex: false, isEqual: true };
        }),
        startsAt: isoTime(clock.now()),
        endsAt: isoTime(endsAt),
        createdBy: author,
        comment,
      };
      const answer = await ask({ method: 'POST', url: `${base}/silences`, body }, label, signal);
      const { silenceID } = fieldsOf(answer, label);
      if (typeof silenceID === 'string' && silenceID !== '') return silenceID;
      throw new AuroraError('SERVICE_ANSWER_INVALID', 'the silence got no id', { where: label });
    },
    silences: async (signal): Promise<readonly Silence[]> => {
      const query = labelFilters(labels);
      const answer = await ask({ url: `${base}/silences?${query}` }, label, signal);
      return silencesOf(parseJson(answer, label), label)
        .filter((silence) => isOn(silence, labels))
        .map(({ matchers: _, ...silence }) => silence);
    },
    health: async (signal): Promise<ServiceHealth> => {
      try {
        const answer = await ask({ url: `${base}/status` }, label, signal);
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

/** One exchange; every status but 200 is SERVICE_REFUSED with what was said. */
async function ask(request: HttpRequest, where: string, signal: AbortSignal): Promise<HttpAnswer> {
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
