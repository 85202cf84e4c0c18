import type { Fields } from './data.ts';
import { paths } from './paths.ts';

interface Waiting {
  readonly at: number;
  readonly fields: Fields;
}

const collectMs = 2_000;
const batch = 20;
const mostWaiting = 50;
const oldestMs = 600_000;

/**
 * Sends what the widget tells of itself, some at a time, and what is left when the page goes: such
 * requests outlive it. Nobody waits for it and nothing fails with it; what cannot be sent is tried with
 * the next ones, and the oldest are given up when too many wait.
 */
export class EventSender {
  readonly #sessionId: string;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
    // Hidden is the last that a page on a telephone hears of itself.
    addEventListener('pagehide', () => void this.flush());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.flush();
    });
  }

  add(event: string, fields: Fields): void {
    this.#waiting = [...this.#waiting, { at: Date.now(), fields: { ...fields, event } }].slice(
      -mostWaiting,
    );
    if (this.#waiting.length >= batch) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), collectMs);
  }

  /** Sends what waits. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sent = this.#waiting.splice(0, batch);
    if (sent.length === 0) return;
    if (!(await this.#send(sent))) this.#waiting = [...sent, ...this.#waiting].slice(-mostWaiting);
  }

  /** Whether they need not be sent again: taken, or refused for good. */
  async #send(sent: readonly Waiting[]): Promise<boolean> {
    const now = Date.now();
    const events = sent.map(({ at, fields }) => ({
      ...fields,
      ageMs: Math.min(oldestMs, Math.max(0, now - at)),
    }));
    const headers = { 'content-type': 'application/json', 'x-session-id': this.#sessionId };
    const body = JSON.stringify({ sessionId: this.#sessionId, events });
    try {
      const answer = await fetch(paths.events, { method: 'POST', headers, body, keepalive: true });
      return answer.status < 500 && answer.status !== 429;
    } catch {
      return false;
    }
  }
}
