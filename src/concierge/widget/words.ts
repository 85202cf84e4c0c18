import { Refusal } from './api.ts';

/** Every sentence that the widget itself says. */
export const words = {
  welcome: 'Good to see you. How may we help?',
  menu: 'What would you like to do?',
  anythingElse: 'Anything else?',
  freeTextFallback:
    'I did not quite follow, I am sorry. Choose what comes nearest, or let a stylist read your words.',
  wait: 'One moment…',
  shortlistEmpty: 'Nothing on your shortlist yet. Find a piece you like and add it.',
  needsTwo: 'Add at least two pieces to your shortlist, and we hold them for you.',
  needsOneMore: 'One more piece on your shortlist, and we hold them for you.',
  rated: 'Thank you, your answer is in.',
  stylist: 'Tell us what it is about. A stylist reads it and answers within the hour.',
  csatQuestion: 'How was your experience?',
  sessionMissing: 'Please reload the page: the concierge lost its thread.',
} as const;

/** What went wrong, in the customer's words. Codes that are not here get their kind's sentence. */
const explained: Readonly<Record<string, string>> = {
  'widget.offline': 'We cannot be reached. Please look at your connection and try again.',
  'widget.slow': 'That takes longer than it should. Please try again.',
  'rate.limit': 'That was a little fast for us. Please wait a moment, then try again.',
  'order.not_found': 'We find no such order. Please check what you entered.',
  'subscription.order_not_found': 'We find no such order. Please check the number.',
  'returns.duplicate': 'A return for this order is open already. We are on it.',
  'validation.contact_email': 'Please check the e-mail address.',
  'validation.lookup': 'Please check what you entered: it does not look like an order.',
  'validation.summary': 'Please tell us a little more: ten letters at least.',
  'validation.consent': 'We need your consent to write to you.',
  'validation.shortlist': words.needsTwo,
  'validation.session': words.sessionMissing,
  UPLOAD_TOO_LARGE: 'Pictures may have up to 10 MB.',
  CAPSULE_LIMIT_REACHED: 'We hold pieces for you already: one capsule at a time.',
  CATALOG_UNAVAILABLE: 'Our catalogue is away for a moment. Please try again.',
  CRM_UNAVAILABLE: 'Our stylists cannot be reached for a moment. Please try again.',
  'idempotency.running': 'Your first request is still on its way. Please try again in a moment.',
};

/** What a customer reads about something that went wrong. */
export interface Explained {
  readonly text: string;
  /** The request's id, for whoever helps them. */
  readonly reference: string | undefined;
  /** Whether the same again may help. */
  readonly again: boolean;
}

/** Puts a failure into plain words. */
export function explain(error: unknown): Explained {
  if (!(error instanceof Refusal)) {
    return { text: 'Something went wrong. Please try again.', reference: undefined, again: true };
  }
  const { status, code, requestId } = error;
  const again = status === 0 || status === 429 || status >= 500 || code === 'idempotency.running';
  return { text: explained[code] ?? kindOf(error), reference: requestId, again };
}

/** A refusal of a return says why in a sentence that is meant for customers. */
function kindOf({ status, code, message }: Refusal): string {
  if (code === 'returns.ineligible' && message !== '') return message;
  if (status >= 500) return 'Something went wrong on our side. Please try again.';
  if (code.startsWith('validation.')) return 'Please check what you entered.';
  return 'That did not work. A stylist will gladly help.';
}
