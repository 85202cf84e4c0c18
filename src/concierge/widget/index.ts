import { findProducts } from './client.ts';
import { element, render } from './render.ts';

const categories = ['ring', 'earrings', 'necklace', 'bracelet'];

const style = `
:host { position: fixed; right: 1rem; bottom: 1rem; font: 15px/1.4 system-ui, sans-serif; }
button { border: 0; border-radius: 2rem; padding: .7rem 1.1rem; background: #2b2140; color: #fff; }
.panel { width: 20rem; max-height: 70vh; overflow: auto; margin-bottom: .5rem; padding: 1rem;
  border-radius: 1rem; background: #fff; color: #222; box-shadow: 0 6px 24px #0003; }
.panel[hidden] { display: none; }
.choices button { margin: .2rem; padding: .3rem .7rem; }
.cards { list-style: none; padding: 0; }
.card { padding: .5rem 0; border-top: 1px solid #ddd; }
.card strong, .card small { display: block; }
`;

/** The concierge's button and panel. */
class AuroraConcierge extends HTMLElement {
  #asking: AbortController | undefined;

  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    const panel = element('div', 'panel');
    panel.hidden = true;
    panel.setAttribute('role', 'dialog');
    const answers = element('div', 'answers');
    answers.setAttribute('aria-live', 'polite');
    panel.append(this.#choices(answers), answers);
    const toggle = element('button', 'toggle', AURORA_WIDGET_LABEL);
    toggle.addEventListener('click', () => {
      panel.hidden = !panel.hidden;
    });
    this.dataset.version = AURORA_WIDGET_VERSION;
    root.append(element('style', '', style), panel, toggle);
  }

  disconnectedCallback(): void {
    this.#asking?.abort();
  }

  #choices(answers: HTMLElement): HTMLElement {
    const choices = element('div', 'choices');
    for (const category of categories) {
      const button = element('button', 'choice', category);
      button.addEventListener('click', () => void this.#ask(category, answers));
      choices.append(button);
    }
    return choices;
  }

  async #ask(category: string, answers: HTMLElement): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const sessionId = document.documentElement.dataset.auroraSession ?? '';
    try {
      const messages = await findProducts(sessionId, category, asking.signal);
      const views = messages.map(render).filter((view) => view !== undefined);
      answers.replaceChildren(...views);
    } catch {
      if (asking.signal.aborted) return;
      answers.replaceChildren(element('p', 'text', 'That did not work. Please try again.'));
    }
  }
}

customElements.define('aurora-concierge', AuroraConcierge);
document.body.append(document.createElement('aurora-concierge'));
