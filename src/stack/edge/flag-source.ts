import { EventEmitter } from 'node:events';
import { type ClientFeaturesResponse, type UnleashConfig, UnleashEvents } from 'unleash-client';
import { z } from 'zod';
import { http, parseJson } from '../../services/http/request.ts';
import type { EdgeUnleashOptions } from './options.ts';

type Repository = NonNullable<UnleashConfig['repository']>;
type Features = ClientFeaturesResponse['features'];
type Segments = NonNullable<ClientFeaturesResponse['segments']>;

/** Only what evaluation relies on; the rest belongs to Unleash. */
const featuresSchema = z.looseObject({
  features: z.array(
    z.looseObject({ name: z.string(), enabled: z.boolean(), strategies: z.array(z.unknown()) }),
  ),
  segments: z.array(z.looseObject({ id: z.number() })).optional(),
});

/**
 * The flags of one environment, fetched again and again, for unleash-client to evaluate. Its own
 * fetcher stops for good when its token is refused once, backs off up to ten intervals after an
 * outage, and follows HTTP_PROXY; a kill switch must not wait for any of these.
 */
export class FlagSource extends EventEmitter implements Repository {
  /** When Unleash last answered, and when its answer last changed; milliseconds, null is never. */
  reachedAt: number | null = null;
  changedAt: number | null = null;
  readonly #options: EdgeUnleashOptions;
  readonly #refreshMs: number;
  readonly #ended = new AbortController();
  #features = new Map<string, Features[number]>();
  #segments = new Map<number, Segments[number]>();
  #etag: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EdgeUnleashOptions, refreshMs: number) {
    super();
    this.#options = options;
    this.#refreshMs = refreshMs;
  }

  getToggle(name: string): Features[number] | undefined {
    return this.#features.get(name);
  }

  getToggles(): Features {
    return [...this.#features.values()];
  }

  /** Unused by evaluation; part of what unleash-client asks of a repository. */
  getTogglesWithSegmentData(): never[] {
    return [];
  }

  getSegment(id: number): Segments[number] | undefined {
    return this.#segments.get(id);
  }

  /** Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    await this.#refresh();
  }

  stop(): void {
    this.#ended.abort(new Error('the flag source was stopped'));
    clearTimeout(this.#timer);
  }

  async #refresh(): Promise<void> {
    try {
      await this.#fetch();
    } catch {
      // The last known flags stay in force; how long ago they were seen is told by `reachedAt`.
    }
    if (this.#ended.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#refresh(), this.#refreshMs);
    this.#timer.unref();
  }

  async #fetch(): Promise<void> {
    const url = `${this.#options.url}/client/features`;
    const headers = {
      authorization: this.#options.clientToken,
      'unleash-appname': 'aurora-edge',
      ...(this.#etag === undefined ? {} : { 'if-none-match': this.#etag }),
    };
    const answer = await http({ url, headers, timeoutMs: 2_000 }, this.#ended.signal);
    if (answer.status === 200) {
      this.#keep(featuresSchema.parse(parseJson(answer, url)) as unknown as ClientFeaturesResponse);
      this.#etag = answer.headers.etag;
    } else if (answer.status !== 304) return;
    this.reachedAt = Date.now();
  }

  #keep(answer: ClientFeaturesResponse): void {
    this.#features = new Map(answer.features.map((feature) => [feature.name, feature]));
    this.#segments = new Map((answer.segments ?? []).map((segment) => [segment.id, segment]));
    const first = this.changedAt === null;
    this.changedAt = Date.now();
    if (first) this.emit(UnleashEvents.Ready);
  }
}
