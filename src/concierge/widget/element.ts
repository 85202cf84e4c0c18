import { Concierge } from './concierge.ts';
import { button, h } from './dom.ts';
import { pageFacts } from './page.ts';
import { EventSender } from './sending.ts';
import { style } from './style.ts';
import { type Tell, tellThrough } from './telemetry.ts';

/** The concierge's button, and the dialog that it opens. */
export class AuroraConcierge extends HTMLElement {
  #concierge: Concierge | undefined;
  #dialog: HTMLDialogElement | undefined;
  #tell: Tell | undefined;

  connectedCallback(): void {
    // Moved within the page, it stays as it is.
    if (this.#concierge !== undefined) return;
    this.dataset.version = AURORA_WIDGET_VERSION;
    const facts = pageFacts();
    const tell = tellThrough(this, facts.sessionId, new EventSender(facts.sessionId));
    const concierge = new Concierge(facts, tell);
    const dialog = this.#dialogFor(concierge);
    const launch = button('launch', AURORA_WIDGET_LABEL, () => this.open(), {
      'aria-haspopup': 'dialog',
    });
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    // A constructed sheet needs no exception in the page's content security policy.
    root.adoptedStyleSheets = [sheet];
    root.append(launch, dialog);
    this.#concierge = concierge;
    this.#dialog = dialog;
    this.#tell = tell;
  }

  disconnectedCallback(): void {
    if (!this.isConnected) this.#concierge?.leave();
  }

  /** Opens the dialog; the page behind it waits. */
  open(): void {
    const dialog = this.#dialog;
    if (dialog === undefined || dialog.open) return;
    dialog.showModal();
    this.#concierge?.welcomeOnce();
    this.#tell?.('aurora_widget_open', { source: 'launcher' });
  }

  /** Closes the dialog; the browser brings the focus back to where it was. */
  close(): void {
    this.#dialog?.close();
  }

  #dialogFor(concierge: Concierge): HTMLDialogElement {
    const title = h('h2', { id: 'title' }, AURORA_WIDGET_LABEL);
    const close = button('close', '×', () => this.close(), { 'aria-label': 'Close' });
    const head = h(
      'div',
      { class: 'head' },
      h('div', {}, h('p', { class: 'eyebrow' }, 'At your service'), title),
      shortlistButton(concierge),
      close,
    );
    const dialog = h(
      'dialog',
      { role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': title.id },
      head,
      concierge.conversation.element,
      composer(concierge),
    );
    dialog.addEventListener('close', () =>
      this.#tell?.('aurora_widget_close', { source: 'dialog' }),
    );
    dialog.addEventListener('click', ({ target }) => {
      // Only the backdrop counts as the dialog itself: everything else in it is covered.
      if (target === dialog) this.close();
    });
    dialog.addEventListener('keydown', (event) => keepFocus(event, dialog));
    return dialog;
  }
}

/** The way to the shortlist, from the first piece on. */
function shortlistButton(concierge: Concierge): HTMLElement {
  const { shortlist } = concierge;
  const go = () => concierge.begin('shortlist_save', 'header');
  const way = button('listed-count', '', go, { hidden: true });
  shortlist.watch(() => {
    way.hidden = shortlist.size === 0;
    way.textContent = `Shortlist (${shortlist.size})`;
  });
  return way;
}

/** Where customers write in their own words, and the way back to the menu. */
function composer(concierge: Concierge): HTMLElement {
  const input = h('input', {
    type: 'text',
    name: 'text',
    maxlength: 500,
    autocomplete: 'off',
    placeholder: 'Write to us…',
    'aria-label': 'Your message',
  });
  const send = h('button', { type: 'submit', class: 'primary' }, 'Send');
  const form = h('form', {}, input, send);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    void concierge.hear(text);
  });
  return h(
    'div',
    { class: 'foot' },
    button('secondary', 'Menu', () => concierge.offerMenu()),
    form,
  );
}

const reachable = 'button,input,select,textarea,a[href],summary,[tabindex="0"]';

/** Tab goes round within the dialog instead of out of it. */
function keepFocus(event: KeyboardEvent, dialog: HTMLElement): void {
  if (event.key !== 'Tab') return;
  const stops = [...dialog.querySelectorAll<HTMLElement>(reachable)].filter((one) =>
    one.checkVisibility(),
  );
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  const focused = (dialog.getRootNode() as ShadowRoot).activeElement;
  if (focused !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
