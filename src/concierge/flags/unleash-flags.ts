import { InMemStorageProvider, Unleash } from 'unleash-client';
import type { Settings } from '../settings.ts';
import { type FlagKnowledge, type FlagName, type Flags, flagDefaults } from './flags.ts';

const refreshMs = 1_000;
const silentAfterMs = 5_000;

/** Told when the flag server goes away or comes back. */
export type FlagNotice = (state: 'away' | 'back', reason: string) => void;

/**
 * Flags from Unleash, read again every second. When the server is away the last known flags hold;
 * nothing is kept on disk, so that a slot never starts with what another one knew.
 */
export class UnleashFlags implements Flags {
  readonly #unleash: Unleash;
  #lastAnswerAt: number | undefined;
  #away = false;

  constructor(settings: NonNullable<Settings['flags']>, notice: FlagNotice) {
    this.#unleash = new Unleash({
      url: settings.url,
      appName: 'aurora-concierge',
      environment: settings.environment,
      customHeaders: { Authorization: settings.token },
      refreshInterval: refreshMs,
      timeout: 2_000,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      storageProvider: new InMemStorageProvider(),
    });
    const tell = (away: boolean, reason: string) => {
      if (!away) this.#lastAnswerAt = Date.now();
      if (away === this.#away) return;
      this.#away = away;
      notice(away ? 'away' : 'back', reason);
    };
    this.#unleash.on('error', (error: Error) => tell(true, error.message));
    this.#unleash.on('warn', (reason: unknown) => tell(true, String(reason)));
    this.#unleash.on('changed', () => tell(false, 'changed'));
    this.#unleash.on('unchanged', () => tell(false, 'unchanged'));
  }

  isOn(flag: FlagName, sessionId: string): boolean {
    if (this.#lastAnswerAt === undefined) return flagDefaults[flag];
    return this.#unleash.isEnabled(flag, { sessionId }, false);
  }

  knowledge(): FlagKnowledge {
    if (this.#lastAnswerAt === undefined) return 'never-known';
    return Date.now() - this.#lastAnswerAt < silentAfterMs ? 'live' : 'last-known';
  }

  /** Resolves when the server answered for the first time, or after `ms`. */
  async settled(ms: number): Promise<void> {
    if (this.#lastAnswerAt !== undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const known = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#unleash.once('changed', known);
      this.#unleash.once('unchanged', known);
    });
  }

  close(): void {
    this.#unleash.destroy();
  }
}
