import type { ProductCard } from './catalogue/cards.ts';
import { newId } from './ids.ts';
import { isoTime } from './iso-time.ts';

/** What the customer wants, in the widget's words. */
export type Intent =
  | 'find_product'
  | 'track_order'
  | 'return_exchange'
  | 'stylist_contact'
  | 'csat'
  | 'capsule_reserve'
  | 'order_updates_subscribe'
  | 'shortlist_save'
  | 'inspiration_upload';

/** One step of an order's timeline. */
export interface TimelineStep {
  readonly label: string;
  readonly status: string;
  readonly timestamp: string | null;
  readonly isCurrent: boolean;
}

/** The payload of each message type that the widget can show. */
export interface Payloads {
  assistant_text: { readonly text: string; readonly copyHook?: string };
  product_card: { readonly cards: readonly ProductCard[]; readonly caption?: string };
  offer_card: {
    readonly headline: string;
    readonly description: string;
    readonly cta?: {
      readonly label: string;
      readonly intent: Intent;
      readonly payload?: Readonly<Record<string, unknown>>;
    };
    readonly expiresAt?: string;
  };
  escalation_form: {
    readonly heading: string;
    readonly description: string;
    readonly submitLabel: string;
    readonly prefill?: { readonly name?: string; readonly email?: string; readonly phone?: string };
    readonly copyHook?: string;
  };
  csat_bar: {
    readonly question: string;
    readonly positiveLabel: string;
    readonly negativeLabel: string;
  };
  order_status: {
    readonly orderNumber: string;
    readonly timeline: readonly TimelineStep[];
    readonly shipping?: Readonly<Record<string, unknown>>;
    readonly escalationHint?: string;
  };
}

/** A message type. */
export type MessageType = keyof Payloads;

/** A message before it is put into its envelope. */
export type Draft = {
  [Type in MessageType]: { readonly type: Type; readonly payload: Payloads[Type] };
}[MessageType];

/** A message as the widget gets it. */
export type Message = Draft & {
  readonly id: string;
  readonly role: 'concierge';
  readonly timestamp: string;
  readonly intent?: Intent;
};

/** Puts drafts into the widget's envelope. `now` in milliseconds. */
export function envelope(drafts: readonly Draft[], intent: Intent | null, now: number): Message[] {
  const common = {
    role: 'concierge' as const,
    timestamp: isoTime(now),
    ...(intent === null ? {} : { intent }),
  };
  return drafts.map((draft) => Object.assign({ id: newId('msg_') }, common, draft));
}

/** A plain sentence. */
export function text(content: string, copyHook?: string): Draft {
  return {
    type: 'assistant_text',
    payload: copyHook === undefined ? { text: content } : { text: content, copyHook },
  };
}

/** The bar that asks for a rating. */
export function csatBar(question: string): Draft {
  return {
    type: 'csat_bar',
    payload: { question, positiveLabel: 'Great', negativeLabel: 'I need a follow-up' },
  };
}

/** The form that hands over to a person. */
export function escalation(
  heading: string,
  description: string,
  prefill?: Payloads['escalation_form']['prefill'],
): Draft {
  return {
    type: 'escalation_form',
    payload: {
      heading,
      description,
      submitLabel: 'Send to a person',
      ...(prefill === undefined ? {} : { prefill }),
    },
  };
}
