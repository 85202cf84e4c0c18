import type { Intent } from '../messages.ts';
import { type Parameters, parametersFor } from './intents.ts';
import type { Model, ModelHealth, Opinion } from './model.ts';
import { certain, parametersIn, type Reading, readByRules } from './rules.ts';

/** Why the rules answered although a model was wanted; null when none was. */
export type Reason = Exclude<ModelHealth, 'ok'> | 'unsure' | null;

/** What a customer wants, and who found it out. */
export interface Understood {
  readonly intent: Intent | null;
  readonly confidence: number;
  readonly parameters: Parameters;
  readonly via: 'model' | 'rules';
  readonly reason: Reason;
}

/** What makes intents of free text. */
export interface Conversation {
  /** Answers within two seconds; never rejects. */
  understand(text: string): Promise<Understood>;
  health(): Promise<ModelHealth>;
  close(): void;
}

/** A model that is less sure than this is not believed. */
const believable = 0.6;

/**
 * Rules first: when they are certain the answer is there at once, costs nothing and leaves the house with
 * nobody. Only for the rest is the model asked, and where it does not help, the rules' guess holds.
 */
export function openConversation(model: Model): Conversation {
  return {
    understand: async (text) => {
      const reading = readByRules(text);
      if (reading.intent !== null && reading.confidence >= certain) {
        return { ...reading, via: 'rules', reason: null };
      }
      return decide(text, reading, await model.ask(text));
    },
    health: () => model.health(),
    close: () => model.close(),
  };
}

/** What holds, given both opinions. */
export function decide(text: string, reading: Reading, opinion: Opinion): Understood {
  if ('trouble' in opinion) return { ...reading, via: 'rules', reason: opinion.trouble };
  const { intent, confidence, found } = opinion.proposal;
  if (intent === null || confidence < believable) {
    return { ...reading, via: 'rules', reason: 'unsure' };
  }
  // What names an order or a person comes from the customer's own words alone, and where both have read
  // something, those words win: a model can name no order that is not in the text.
  const { orderNumber: _order, email: _email, postalCode: _code, ...wishes } = found;
  const parameters = parametersFor(intent, { ...wishes, ...parametersIn(text, intent) });
  return { intent, confidence, parameters, via: 'model', reason: null };
}
