import { setMaxListeners } from 'node:events';
import { systemClock } from '../base/clock.ts';
import type { WishNote } from './inbox.ts';
import type { ReleaseStore } from './store.ts';

/** How often a running release looks whether somebody wants it to stop. */
const lookMs = 400;

/** Thrown where a release leaves what it does because somebody wants it to. */
export class WishHeard extends Error {
  constructor(readonly wish: WishNote) {
    super(`${wish.wish} asked for by ${wish.by}: ${wish.reason}`);
    this.name = 'WishHeard';
  }
}

async function wishesOf(store: ReleaseStore, release: string): Promise<readonly WishNote[]> {
  return (await store.inbox(release)).filter((note) => note.note === 'wish');
}

const nameOf = (wish: WishNote) => JSON.stringify(wish);

/**
 * The wishes that lie there before a run begins: it passes them over. Whoever starts or resumes a
 * release says the newer word; and `aurora pause` only asks a process that runs already.
 */
export async function oldWishes(
  store: ReleaseStore,
  release: string,
): Promise<ReadonlySet<string>> {
  return new Set((await wishesOf(store, release)).map(nameOf));
}

/** Listens for wishes while a release runs. */
export interface WishWatch {
  /** Aborts with a WishHeard, within a second of the wish. */
  readonly signal: AbortSignal;
  end(): void;
}

/** Begins to listen. An inbox that cannot be read is one without wishes: it stops no release. */
export function watchWishes(
  store: ReleaseStore,
  release: string,
  old: ReadonlySet<string>,
): WishWatch {
  const heard = new AbortController();
  const over = new AbortController();
  setMaxListeners(0, heard.signal);
  const listen = async () => {
    while (!over.signal.aborted) {
      const wishes = await wishesOf(store, release).catch(() => []);
      const wish = wishes.find((one) => !old.has(nameOf(one)));
      if (wish !== undefined) return heard.abort(new WishHeard(wish));
      // The machine's own clock: it decides nothing, and an injected one may not pass by itself.
      await systemClock.sleep(lookMs, over.signal);
    }
  };
  listen().catch(() => undefined);
  return { signal: heard.signal, end: () => over.abort() };
}
