import type { Intent } from './messages.ts';

/** The texts that customers read. A build may bring its own. */
export interface Copy {
  productsIntro: string;
  productsNone: string;
  offerHeadline: string;
  offerDescription: string;
  offerLabel: string;
  orderQuestion: string;
  orderOutage: string;
  returnOpened: string;
  returnHelp: string;
  returnsOutage: string;
  capsuleHeadline: string;
  capsuleConfirmation: string;
  stylistHeading: string;
  stylistDescription: string;
  stylistAcknowledged: string;
  csatQuestion: string;
  csatThanks: string;
  csatSorry: string;
  shortlistSaved: string;
  inspirationReceived: string;
  updatesConfirmed: string;
  /** What is said first when a customer's own words were understood; a form follows. */
  openings: Record<Intent, string>;
}

/** The texts of the reference concierge. */
export function referenceCopy(): Copy {
  return {
    productsIntro: 'Here is what I found for you.',
    productsNone: 'Nothing matches that yet. Try another metal or a wider price range.',
    offerHeadline: 'Hold these pieces for 48 hours',
    offerDescription: 'Reserve a capsule of your favourites while you decide.',
    offerLabel: 'Reserve my capsule',
    orderQuestion: 'Did this answer your question?',
    orderOutage: 'Order timelines are away for a moment. A person can look it up for you.',
    returnOpened: 'Your request is in. We sent the label to your e-mail address.',
    returnHelp: 'Tell us what else you need, and a person will call back.',
    returnsOutage: 'Returns cannot be started online right now. A person will gladly help.',
    capsuleHeadline: 'Your capsule is reserved',
    capsuleConfirmation: 'We hold your pieces for 48 hours.',
    stylistHeading: 'Talk to a stylist',
    stylistDescription: 'Correct anything that is not right and we will use it.',
    stylistAcknowledged: 'A stylist has your request and will be in touch.',
    csatQuestion: 'How was your experience?',
    csatThanks: 'Thank you for telling us.',
    csatSorry: 'We are sorry. Leave a note and a person will follow up.',
    shortlistSaved: 'Your shortlist is saved.',
    inspirationReceived: 'We have noted your picture. A stylist will ask you for it.',
    updatesConfirmed: 'We will tell you when something moves.',
    openings: {
      find_product: 'Let us find your piece. What should it be like?',
      track_order: 'Let us see where your order is.',
      return_exchange: 'We can help with that. Which order is it about?',
      stylist_contact: 'Tell us how to reach you. A stylist answers within the hour.',
      csat: 'How was it?',
      capsule_reserve: 'We hold pieces of your shortlist for 48 hours.',
      order_updates_subscribe: 'We can write to you whenever something moves.',
      shortlist_save: 'Here is your shortlist.',
      inspiration_upload: 'Tell us of a picture of what you have in mind.',
    },
  };
}
