import { h } from './dom.ts';
import { problemView } from './views/problem.ts';
import { words } from './words.ts';

/** A sentence of the conversation, as a person who takes over reads it. */
export interface Line {
  readonly role: 'guest' | 'concierge';
  readonly content: string;
  readonly timestamp: string;
}

const longestLine = 4_000;
const mostLines = 200;

/** The log that customers see and screen readers follow. Lives in memory, as long as the page. */
export class Conversation {
  readonly element = h('div', {
    class: 'log',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': 'Conversation',
    tabindex: 0,
  });
  readonly #lines: Line[] = [];

  /** What was said so far, the newest 200 lines. */
  get transcript(): readonly Line[] {
    return this.#lines.slice(-mostLines);
  }

  /** Adds what belongs together and brings its beginning into view. */
  add(...nodes: readonly Node[]): HTMLElement {
    const turn = h('div', { class: 'turn', tabindex: -1 }, ...nodes);
    this.element.append(turn);
    // The page may not have been laid out yet.
    requestAnimationFrame(() => {
      this.element.scrollTop = turn.offsetTop - 16;
    });
    return turn;
  }

  /** Remembers a sentence for the transcript. */
  note(role: Line['role'], content: string): void {
    const timestamp = new Date().toISOString();
    this.#lines.push({ role, content: content.slice(0, longestLine), timestamp });
  }

  /** What the customer said or chose. */
  guest(content: string): HTMLElement {
    this.note('guest', content);
    return h('p', { class: 'bubble theirs' }, content);
  }

  /** What the concierge says by itself. */
  ours(content: string): HTMLElement {
    this.note('concierge', content);
    return h('p', { class: 'bubble ours' }, content);
  }

  /** Waits visibly for an answer. A failure is told, with a way to try again. */
  async waitFor<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const waiting = this.add(waitingView());
    this.element.setAttribute('aria-busy', 'true');
    const done = () => {
      waiting.remove();
      this.element.setAttribute('aria-busy', 'false');
    };
    try {
      const answer = await ask();
      done();
      return answer;
    } catch (error) {
      done();
      return this.#offerAgain(error, () => this.waitFor(ask));
    }
  }

  /** The same for what shows by itself that it worked. */
  async quietly<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      return this.#offerAgain(error, () => this.quietly(ask));
    }
  }

  /** Resolves when trying again worked; never when nobody tries. */
  #offerAgain<Answer>(error: unknown, retry: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve) => {
      const again = () => {
        turn.remove();
        resolve(retry());
      };
      const turn = this.add(problemView(error, again));
      (turn.querySelector('button') ?? turn).focus({ preventScroll: true });
    });
  }
}

function waitingView(): HTMLElement {
  const dots = h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  return h('p', { class: 'bubble ours waiting' }, h('span', { class: 'unseen' }, words.wait), dots);
}
