import { type Api, Refusal } from './api.ts';
import { type Fields, textOf } from './data.ts';
import { paths } from './paths.ts';

/** The pieces a capsule needs. */
export const enoughForCapsule = 2;

/** The pieces that this visitor picked: in memory here, and saved as a whole by the API. */
export class Shortlist {
  readonly #api: Api;
  readonly #pieces = new Map<string, Fields>();
  readonly #watchers = new Set<() => void>();
  #savedAs: string | undefined;
  #dirty = false;

  constructor(api: Api) {
    this.#api = api;
  }

  get pieces(): readonly Fields[] {
    return [...this.#pieces.values()];
  }

  get size(): number {
    return this.#pieces.size;
  }

  has(productId: string): boolean {
    return this.#pieces.has(productId);
  }

  /** Calls back after each change. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  /** Adds a piece and saves. Throws Refusal, and the piece is not on the list then. */
  async add(productId: string, card: Fields): Promise<void> {
    this.#pieces.set(productId, card);
    this.#changed();
    try {
      await this.#save();
    } catch (error) {
      this.#pieces.delete(productId);
      this.#changed();
      throw error;
    }
  }

  /** Takes a piece off. Saved when it matters next, since only adding is worth an event. */
  remove(productId: string): void {
    this.#pieces.delete(productId);
    this.#changed();
  }

  /** The id under which the API knows the list as it is now. Throws Refusal. */
  async savedId(): Promise<string> {
    if (this.#dirty || this.#savedAs === undefined) await this.#save();
    if (this.#savedAs === undefined) throw new Refusal(400, 'validation.shortlist', '');
    return this.#savedAs;
  }

  async #save(): Promise<void> {
    if (this.size === 0) return;
    const { body } = await this.#api.post(paths.shortlist, { items: this.pieces });
    this.#savedAs = textOf(body.shortlistId);
    this.#dirty = false;
  }

  #changed(): void {
    this.#dirty = true;
    for (const watcher of this.#watchers) watcher();
  }
}
