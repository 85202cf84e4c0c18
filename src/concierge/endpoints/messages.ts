import { z } from 'zod';
import type { EventDraft } from '../analytics/events.ts';
import { intents, parametersShape } from '../conversation/intents.ts';
import { replyTo } from '../conversation/reply.ts';
import type { Understood } from '../conversation/understanding.ts';
import type { Customer, Endpoint } from '../http/endpoint.ts';
import type { Draft } from '../messages.ts';
import type { SessionMessage } from '../storage/documents.ts';
import { sessionId } from './fields.ts';

const schema = z.object({ sessionId, text: z.string().trim().min(1).max(500) });

const response = z.object({
  intent: z.enum(intents).nullable(),
  via: z.enum(['model', 'rules']),
  reason: z.enum(['absent', 'slow', 'quota', 'error', 'unsure']).nullable(),
  parameters: parametersShape,
});

/** Finds out what a customer's own words ask for. The words are kept nowhere. */
export const messages: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/messages',
  openPath: '/api/support/messages',
  summary: 'Find out what free text asks for, and begin it',
  scope: 'conversation:write',
  intent: null,
  schema,
  response,
  codes: { text: 'validation.text' },
  async handle({ text }, customer, services) {
    const understood = await services.conversation.understand(text);
    const { intent, via, reason, parameters } = understood;
    services.metrics.intentDetected(via, intent === null ? 'none' : 'detected');
    const reply = await replyTo(understood, customer, services);
    const turns = turnsOf(intent, reply.messages, customer);
    // What a session remembers is worth no customer's answer; the storage counts its own failures.
    await services.store.addMessages(customer.sessionId, turns).catch(() => undefined);
    return {
      intent,
      body: { intent, via, reason, parameters },
      messages: reply.messages,
      events: [...detection(understood), ...reply.events],
    };
  },
};

/** Analytics learns the intent and, of a search, its filters; never a word of the text. */
function detection({ intent, confidence, parameters, via }: Understood): readonly EventDraft[] {
  if (intent === null) return [];
  const fields = {
    intent,
    source: 'text',
    via,
    intentConfidence: Math.round(confidence * 100) / 100,
    ...(intent === 'find_product' ? { filters: parameters } : {}),
  };
  return [{ event: 'aurora_intent_detected', fields }];
}

/** Of what kind each turn was, and what was understood. */
function turnsOf(
  intent: Understood['intent'],
  replies: readonly Draft[],
  { now }: Customer,
): readonly SessionMessage[] {
  const timestamp = new Date(now);
  const reply = ({ type }: Draft) => ({ role: 'concierge' as const, type, intent, timestamp });
  return [{ role: 'guest', type: 'text', intent, timestamp }, ...replies.map(reply)];
}
