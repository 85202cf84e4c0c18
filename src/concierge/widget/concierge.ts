import { type Answer, Api, type WidgetMessage } from './api.ts';
import { Conversation } from './conversation.ts';
import { type Fields, fieldsOf, textOf, textsOf } from './data.ts';
import type { Desk, Rating } from './desk.ts';
import { button, h } from './dom.ts';
import { begin, type Known } from './flows.ts';
import { type FormSpec, formFor } from './form.ts';
import { type Intent, isIntent, menu, returnsAway } from './intents.ts';
import type { PageFacts } from './page.ts';
import { paths } from './paths.ts';
import { withPerson } from './person.ts';
import { Shortlist } from './shortlist.ts';
import type { Tell } from './telemetry.ts';
import { withoutEchoes } from './views/echoes.ts';
import { messageView } from './views/message.ts';
import { words } from './words.ts';

interface ShowOptions {
  /** Whether a person is only offered: the form is there, but closed. */
  readonly fold?: boolean;
  readonly after?: HTMLElement | undefined;
}

/** The conversation of one page: what was asked, what was answered, what comes next. */
export class Concierge implements Desk {
  readonly api: Api;
  readonly shortlist: Shortlist;
  readonly conversation = new Conversation();
  readonly facts: PageFacts;
  readonly tell: Tell;
  /** Addresses of the pictures that were shared, for the stylist. */
  readonly pictures: { readonly assetUrl: string; readonly label: string }[] = [];
  rating: Rating | undefined;
  readonly #ratingWatchers = new Set<() => void>();
  #menu: HTMLElement | undefined;
  #asked: HTMLElement | undefined;
  #lastIntent: Intent | undefined;
  /** What the customer is about, since when; undefined once it is answered. */
  #begun: { readonly intent: Intent; readonly at: number } | undefined;
  #orderNumber: string | undefined;
  /** Set while an answer is shown in which a person is only offered. */
  #folding = false;
  #understandsText = true;

  constructor(facts: PageFacts, tell: Tell) {
    this.facts = facts;
    this.tell = tell;
    this.api = new Api(facts.sessionId);
    this.shortlist = new Shortlist(this.api);
  }

  /** What a visitor sees first. */
  welcomeOnce(): void {
    if (this.#menu === undefined)
      this.conversation.add(this.conversation.ours(words.welcome), this.#freshMenu());
  }

  /** Offers the menu again, and goes there. */
  offerMenu(sentence: string = words.menu): void {
    const turn = this.conversation.add(this.conversation.ours(sentence), this.#freshMenu());
    turn.querySelector<HTMLElement>('.menu button')?.focus();
  }

  begin(intent: Intent, source: string, known: Known = {}): void {
    this.#lastIntent = intent;
    this.#begun = { intent, at: Date.now() };
    this.tell('aurora_intent_detected', { intent, source });
    const { orderNumber = this.#orderNumber } = known;
    begin(intent, this, orderNumber === undefined ? known : { ...known, orderNumber });
  }

  /** Shows a form and, once it is sent, what was sent in its place. */
  ask(spec: FormSpec): void {
    // A form that was left for another one would only be in the way.
    this.#asked?.remove();
    const form = formFor(spec);
    this.#asked = form.element;
    this.conversation.add(form.element);
    form.focus();
  }

  /** What the customer began has its answer. */
  completed(): void {
    if (this.#begun === undefined) return;
    const { intent, at } = this.#begun;
    this.#begun = undefined;
    const durationMs = Date.now() - at;
    this.tell('aurora_intent_complete', { intent, durationMs, outcome: 'completed' });
  }

  /** Shows something of the widget's own, and goes there. */
  place(...views: readonly HTMLElement[]): void {
    this.conversation.add(...views).focus({ preventScroll: true });
  }

  /** Shows an answer; the focus goes there, so that reading goes on where something is new. */
  show(messages: readonly WidgetMessage[], options: ShowOptions = {}): void {
    this.#folding = options.fold === true;
    const shown = withoutEchoes(messages).flatMap((message) => {
      const text = message.type === 'assistant_text' ? textOf(message.payload.text) : undefined;
      if (text !== undefined) this.conversation.note('concierge', text);
      return messageView(message, this) ?? [];
    });
    this.#folding = false;
    for (const { type, payload } of messages) {
      if (type === 'order_status') this.#orderNumber = textOf(payload.orderNumber);
    }
    if (options.after !== undefined) shown.push(options.after);
    if (shown.length === 0) this.offerMenu(words.anythingElse);
    else this.place(...shown);
  }

  /** What a customer wrote in their own words. */
  async hear(text: string): Promise<void> {
    this.conversation.add(this.conversation.guest(text));
    const answer = this.#understandsText
      ? await this.conversation.waitFor(() => this.#understand(text))
      : null;
    const intent = answer?.body.intent;
    if (answer === null || (answer.messages.length === 0 && !isIntent(intent))) {
      this.offerMenu(words.freeTextFallback);
      return;
    }
    if (isIntent(intent)) this.#lastIntent = intent;
    if (answer.messages.length > 0) this.show(answer.messages);
    const onlyWords = answer.messages.every(({ type }) => type === 'assistant_text');
    const orderNumber = textOf(fieldsOf(answer.body.parameters).orderNumber);
    const known = orderNumber === undefined ? {} : { orderNumber };
    if (isIntent(intent) && onlyWords) this.begin(intent, 'text', known);
  }

  watchRating(watcher: () => void): void {
    this.#ratingWatchers.add(watcher);
  }

  rate(rating: Rating): void {
    if (this.rating !== undefined) return;
    this.#rated(rating);
    void this.#sendRating(rating);
  }

  pick(productId: string, card: Fields): void {
    if (this.shortlist.has(productId)) this.shortlist.remove(productId);
    else void this.conversation.quietly(() => this.shortlist.add(productId, card));
  }

  escalation(payload: Fields): HTMLElement {
    const form = formFor(
      withPerson(this, {
        heading: textOf(payload.heading),
        description: typeof payload.description === 'string' ? payload.description : undefined,
        submitLabel: textOf(payload.submitLabel),
        prefill: fieldsOf(payload.prefill),
        only: textsOf(payload.fieldsOverride),
      }),
    );
    if (!this.#folding) return form.element;
    return h('details', {}, h('summary', {}, 'Add or correct something'), form.element);
  }

  /** Breaks off what is under way. */
  leave(): void {
    this.api.leave();
  }

  /** Null when nobody here understands free text. */
  async #understand(text: string): Promise<Answer | null> {
    try {
      return await this.api.post(paths.messages, { text });
    } catch (error) {
      const status = (error as { readonly status?: unknown }).status;
      if (status !== 404 && status !== 401 && status !== 403) throw error;
      this.#understandsText = false;
      return null;
    }
  }

  async #sendRating(rating: Rating): Promise<void> {
    const about = {
      ...(this.#lastIntent === undefined ? {} : { intent: this.#lastIntent }),
      ...(this.#orderNumber === undefined ? {} : { orderNumber: this.#orderNumber }),
    };
    const answer = await this.conversation.waitFor(() =>
      this.api.post(paths.csat, { rating, ...about }),
    );
    // The bar that was just used says it all: a second one would only ask again.
    this.show(answer.messages.filter(({ type }) => type !== 'csat_bar'));
  }

  #rated(rating: Rating): void {
    this.rating = rating;
    for (const watcher of this.#ratingWatchers) watcher();
  }

  /** There is one menu at a time: an old one would only stand in the way. */
  #freshMenu(): HTMLElement {
    this.#menu?.parentElement?.remove();
    const outage = this.facts.returnsOutage !== undefined;
    const choices = menu.map(([intent, label]) => {
      const shown = intent === 'return_exchange' && outage ? returnsAway : label;
      const choose = () => {
        // What was chosen stands in its place.
        this.#menu?.parentElement?.remove();
        this.conversation.add(this.conversation.guest(shown));
        this.begin(intent, 'menu');
      };
      return h('li', {}, button('', shown, choose, { 'data-intent': intent }));
    });
    this.#menu = h('ul', { class: 'menu', 'aria-label': words.menu }, ...choices);
    return this.#menu;
  }
}
