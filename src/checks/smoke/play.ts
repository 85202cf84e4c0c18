import { type EnvironmentName, eventEnvironment } from '../../base/environments.ts';
import { apiKeyOf } from '../api-key.ts';
import type { CheckContext } from '../kind.ts';
import { addressOf } from '../target.ts';
import type { SmokeObservation, SmokePlace } from './assess.ts';
import { type Conversation, converse } from './converse.ts';
import { type Shopper, smokeOrder, valuesOf } from './identity.ts';
import type { Interaction } from './list.ts';

const eventPoll = 100;

/** Everything that the requests of a run need: address, key, dispatcher. ENV_FILE_INVALID, SERVICE_*. */
export async function openConversation(
  { environment, target }: SmokePlace,
  context: CheckContext,
): Promise<Conversation> {
  const base = await addressOf(target, environment, context);
  const { dispatcher } = context.environments[environment];
  const key = await apiKeyOf(environment, context);
  return { base, apiKey: key, dispatcher, clock: context.clock, signal: context.signal };
}

/** Waits until the session's event is in the database. Events are written in batches, so it polls. */
async function eventArrives(
  event: string,
  environment: EnvironmentName,
  sessionId: string,
  withinMs: number,
  { clock, signal, services }: CheckContext,
): Promise<boolean> {
  const database = await services.database();
  const filter = { event, environment: eventEnvironment[environment], sessionId };
  const until = clock.now() + withinMs;
  for (;;) {
    if ((await database.countEvents(filter, signal)) > 0) return true;
    if (clock.now() >= until) return false;
    await clock.sleep(eventPoll, signal);
  }
}

/** Plays one interaction: its order, its requests, its event. SERVICE_* when something is away. */
export async function playInteraction(
  interaction: Interaction,
  shopper: Shopper,
  place: SmokePlace,
  conversation: Conversation,
  eventWithin: number,
  context: CheckContext,
): Promise<SmokeObservation> {
  if (shopper.orderNumber !== null) {
    const database = await context.services.database();
    const order = smokeOrder(shopper, context.clock.now());
    await database.insertOrder(place.environment, order, context.signal);
  }
  const answers = await converse(interaction.requests, valuesOf(shopper), conversation);
  const { event } = interaction;
  if (event === undefined || answers.at(-1)?.status !== 200) return { answers, eventFound: null };
  const { environment } = place;
  const eventFound = await eventArrives(
    event,
    environment,
    shopper.sessionId,
    eventWithin,
    context,
  );
  return { answers, eventFound };
}
