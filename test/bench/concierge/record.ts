import type { AnalyticsEvent } from '../../../src/concierge/analytics/events.ts';
import type { SessionRecord } from '../../../src/concierge/sessions/session-cache.ts';
import { headersOf } from './load.ts';
import { freshSession, keyOf, questions, type RouteName, routes } from './routes.ts';

/** What the concierge made of a question, for the bare server to give again. */
export interface Recorded {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly event: AnalyticsEvent;
  readonly session: SessionRecord;
}

/** Headers that Fastify and Node write themselves. */
const written = new Set(['content-length', 'date', 'connection', 'keep-alive', 'content-type']);

/** Asks the concierge every question once, and finds the event that each of them left. */
export async function record(
  url: string,
  eventOf: (sessionId: string) => Promise<AnalyticsEvent>,
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (const route of Object.keys(questions) as RouteName[]) {
    for (const question of questions[route]) {
      const sessionId = freshSession();
      const answer = await fetch(url + routes[route], {
        method: 'POST',
        headers: headersOf(sessionId),
        body: JSON.stringify({ sessionId, ...question }),
      });
      const body = (await answer.json()) as { readonly requestId: string };
      if (answer.status !== 200) {
        throw new Error(`${route} answered ${answer.status} ${JSON.stringify(body)}`);
      }
      const event = await eventOf(sessionId);
      recorded.push({
        key: keyOf(route, question),
        headers: Object.fromEntries([...answer.headers].filter(([name]) => !written.has(name))),
        body,
        event,
        session: {
          sessionId,
          updatedAt: '',
          lastIntent: String(event.intent ?? ''),
          lastRequestId: body.requestId,
          build: event.build,
        },
      });
    }
  }
  return recorded;
}
