import type { MongoClient } from 'mongodb';
import { CheckedEvents } from './analytics/checked-events.ts';
import { EventBuffer } from './analytics/event-buffer.ts';
import { type EventSink, noEvents } from './analytics/events.ts';
import { writeEventsTo } from './analytics/write-events.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { ChatModel, noModel } from './conversation/model.ts';
import { type Conversation, openConversation } from './conversation/understanding.ts';
import { referenceCopy } from './copy.ts';
import { defaultFlags, type Flags } from './flags/flags.ts';
import { UnleashFlags } from './flags/unleash-flags.ts';
import { RateLimiter } from './http/rate-limit.ts';
import type { Identity } from './identity.ts';
import type { Services } from './services.ts';
import { noSessions, RedisSessionCache, type SessionCache } from './sessions/session-cache.ts';
import type { Settings } from './settings.ts';
import { connectMongo } from './storage/connect.ts';
import { MongoDashboard } from './storage/mongo-dashboard.ts';
import { MongoStore } from './storage/mongo-store.ts';
import { noDashboard } from './storage/no-dashboard.ts';
import { StubStore } from './storage/stub-store.ts';
import { type Timed, timedStore } from './storage/timed-store.ts';
import type { Log } from './telemetry/log.ts';
import { Metrics } from './telemetry/metrics.ts';

const flagPatienceMs = 1_500;

/**
 * Opens everything the server works with. Rejects when the database does not answer: without it
 * nothing can be served. Redis and the flag server may be away.
 */
export async function openServices(
  settings: Settings,
  identity: Identity,
  log: Log,
): Promise<Services> {
  const metrics = new Metrics(identity.build);
  const { store, dashboard, events } = await openStorage(settings, metrics, log);
  return {
    settings,
    identity,
    copy: referenceCopy(),
    store,
    dashboard,
    catalogue: new Catalogue(() => store.products()),
    events,
    sessions: openSessions(settings, log),
    flags: await openFlags(settings, log),
    conversation: openTalk(settings, log),
    limits: new RateLimiter(),
    metrics,
    log,
  };
}

/** Closes what was opened: analytics first, since they still need the database. */
export async function closeServices(services: Services): Promise<void> {
  services.flags.close();
  services.conversation.close();
  await Promise.allSettled([services.events.close(), services.sessions.close()]);
  await services.store.close().catch(() => undefined);
  services.log.flush();
}

async function openStorage(
  settings: Settings,
  metrics: Metrics,
  log: Log,
): Promise<Pick<Services, 'store' | 'dashboard' | 'events'>> {
  if (settings.stubs.active || settings.mongodbUri === null) {
    return { store: new StubStore(), dashboard: noDashboard, events: noEvents };
  }
  const client = await connectMongo(settings.mongodbUri);
  const timed: Timed = (...question) => metrics.databaseAsked(...question);
  const store = timedStore(new MongoStore(client.db()), timed);
  const events = new CheckedEvents(eventsIn(client, settings, log), ({ event, problems }) => {
    metrics.eventInvalid(event);
    log.info('an event does not fit the catalogue and was left out', { event, problems });
  });
  const queries = new MongoDashboard(client.db(), client.db(settings.eventsDatabase));
  // Named apart: what the shop's people ask for takes longer than what customers wait for.
  const dashboard = timedStore(queries, (query, ...rest) => timed(`dashboard.${query}`, ...rest));
  return { store, dashboard, events };
}

function eventsIn(client: MongoClient, settings: Settings, log: Log): EventSink {
  const collection = client.db(settings.eventsDatabase).collection('events');
  return new EventBuffer({
    write: writeEventsTo(collection),
    onFailure: (error, waiting) => log.error('events could not be written', error, { waiting }),
  });
}

function openSessions(settings: Settings, log: Log): SessionCache {
  if (settings.stubs.active || settings.redisUrl === null) return noSessions;
  return new RedisSessionCache(settings.redisUrl, settings.sessionPrefix, (state, reason) =>
    log.info(`session cache is ${state}`, { reason }),
  );
}

async function openFlags(settings: Settings, log: Log): Promise<Flags> {
  if (settings.flags === null) return defaultFlags;
  const flags = new UnleashFlags(settings.flags, (state, reason) =>
    log.info(`flag server is ${state}`, { reason }),
  );
  await flags.settled(flagPatienceMs);
  return flags;
}

/** Stubs ask nobody outside. */
function openTalk(settings: Settings, log: Log): Conversation {
  if (settings.stubs.active || settings.model === null) return openConversation(noModel);
  const model = new ChatModel(settings.model, (state, reason) =>
    log.info(`language model is ${state}`, { reason }),
  );
  return openConversation(model);
}
