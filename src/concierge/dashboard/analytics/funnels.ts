/** A step: an event, or any event with an intent. */
export interface Step {
  readonly title: string;
  readonly event?: string;
  readonly intent?: string;
}

export type FunnelName = 'discovery' | 'engagement' | 'orderSupport';

/**
 * Steps that one session takes on its way. Who got to a later step has been at the earlier ones, even
 * where the browser never told of them.
 */
export interface Funnel {
  readonly name: FunnelName;
  readonly title: string;
  readonly steps: readonly Step[];
}

const opened: Step = { title: 'Came to the concierge', event: 'aurora_widget_open' };
const shown: Step = { title: 'Was shown pieces', event: 'aurora_products_shown' };

/** The funnels of the event catalogue. */
export const funnels: readonly Funnel[] = [
  {
    name: 'discovery',
    title: 'Discovery',
    steps: [opened, shown, { title: 'Reserved a capsule', event: 'aurora_capsule_reserved' }],
  },
  {
    name: 'engagement',
    title: 'Engagement',
    steps: [opened, shown, { title: 'Shortlisted a piece', event: 'aurora_product_shortlisted' }],
  },
  {
    name: 'orderSupport',
    title: 'Order support',
    steps: [
      { title: 'Asked for an order', intent: 'track_order' },
      { title: 'Saw the order', event: 'aurora_order_tracked' },
      { title: 'Subscribed to news', event: 'aurora_order_updates_subscribed' },
    ],
  },
];

/** The events that are steps. */
export const funnelEvents: ReadonlySet<string> = new Set(
  funnels.flatMap(({ steps }) =>
    steps.flatMap(({ event }) => (event === undefined ? [] : [event])),
  ),
);

/** What sets an intent apart from an event of the same name. */
export const intentMark = 'intent ';
export const intentKey = (intent: string) => intentMark + intent;

/** What a session has done that took a step. */
export const keyOf = ({ event, intent = '' }: Step) => event ?? intentKey(intent);
