import { Breaker, type Trouble } from './breaker.ts';
import { askModel, lookAtModel, type ModelSettings } from './chat-client.ts';
import type { Proposal } from './model-answer.ts';

/** What is known of the model. */
export type ModelHealth = 'ok' | 'absent' | 'slow' | 'quota' | 'error';

/** A model's proposal, or why there is none. */
export type Opinion =
  | { readonly proposal: Proposal }
  | { readonly trouble: Exclude<ModelHealth, 'ok'> };

/** Somebody who understands free text better than rules do, when they are there. */
export interface Model {
  /** Answers within two seconds; never rejects. */
  ask(text: string): Promise<Opinion>;
  /** Answers within a second; asks anew at most twice a minute, and never for what costs. */
  health(): Promise<ModelHealth>;
  /** Breaks off what is under way. */
  close(): void;
}

/** Where no model is configured. */
export const noModel: Model = {
  ask: async () => ({ trouble: 'absent' }),
  health: async () => 'absent',
  close: () => undefined,
};

/** Told when the model goes away or comes back; `detail` holds neither key nor text. */
export type ModelNotice = (state: 'away' | 'back', detail: string) => void;

interface Limits {
  readonly deadlineMs: number;
  readonly healthDeadlineMs: number;
  /** Questions under way at the same time; who comes then is answered by rules. */
  readonly atOnce: number;
  readonly healthHoldsMs: number;
}

const usualLimits: Limits = {
  deadlineMs: 2_000,
  healthDeadlineMs: 800,
  atOnce: 8,
  healthHoldsMs: 30_000,
};

/** A model behind a chat-completions API, with a deadline, a limit and a breaker. */
export class ChatModel implements Model {
  readonly #settings: ModelSettings;
  readonly #notice: ModelNotice;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #breaker: Breaker;
  readonly #closing = new AbortController();
  #underWay = 0;
  #away = false;
  #seen: { readonly health: ModelHealth; readonly at: number } | undefined;
  #looking: Promise<ModelHealth> | undefined;

  constructor(
    settings: ModelSettings,
    notice: ModelNotice,
    options: Partial<Limits> & { readonly now?: () => number } = {},
  ) {
    const { now = Date.now, ...limits } = options;
    this.#settings = settings;
    this.#notice = notice;
    this.#limits = { ...usualLimits, ...limits };
    this.#now = now;
    this.#breaker = new Breaker(now);
  }

  async ask(text: string): Promise<Opinion> {
    if (this.#underWay >= this.#limits.atOnce) return { trouble: 'slow' };
    const leave = this.#breaker.enter();
    if (typeof leave === 'string') return { trouble: leave };
    this.#underWay += 1;
    const { deadlineMs } = this.#limits;
    const asked = await askModel(this.#settings, text, deadlineMs, this.#closing.signal);
    this.#underWay -= 1;
    this.#breaker.ended(leave, asked);
    this.#remember(asked.ok ? null : asked.trouble, asked.ok ? '' : asked.detail);
    return asked.ok ? { proposal: asked.proposal } : { trouble: asked.trouble };
  }

  health(): Promise<ModelHealth> {
    const closedFor = this.#breaker.closedFor;
    if (closedFor !== null) return Promise.resolve(closedFor);
    const seen = this.#seen;
    if (seen !== undefined && this.#now() - seen.at < this.#limits.healthHoldsMs) {
      return Promise.resolve(seen.health);
    }
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  close(): void {
    this.#closing.abort();
  }

  async #look(): Promise<ModelHealth> {
    const { healthDeadlineMs } = this.#limits;
    const ending = await lookAtModel(this.#settings, healthDeadlineMs, this.#closing.signal);
    const health = ending.ok ? 'ok' : ending.trouble;
    this.#seen = { health, at: this.#now() };
    return health;
  }

  #remember(trouble: Trouble | null, detail: string): void {
    this.#seen = { health: trouble ?? 'ok', at: this.#now() };
    const away = trouble !== null;
    if (away === this.#away || this.#closing.signal.aborted) return;
    this.#away = away;
    this.#notice(away ? 'away' : 'back', detail);
  }
}
