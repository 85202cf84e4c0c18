import type { EnvironmentName } from '../../base/environments.ts';

/** Where and as whom the edge asks for flags. */
export interface EdgeUnleashOptions {
  /** Ends in `/api`. */
  readonly url: string;
  /** A client token: it can read flags and change none. */
  readonly clientToken: string;
  /** The name that Unleash uses: `development` stands for staging. */
  readonly environment: string;
}

/** What one edge is told by its supervisor. Everything listens on 127.0.0.1. */
export interface EdgeOptions {
  readonly environment: EnvironmentName;
  /** The customers' port; 0 takes a free one. */
  readonly port: number;
  /** The administration port; 0 takes a free one. */
  readonly adminPort: number;
  /** Bearer token of the administration port: the one that the deploy driver sends. */
  readonly adminToken: string;
  /** Bearer token that PURGE takes on the customers' port. */
  readonly purgeToken: string;
  readonly unleash: EdgeUnleashOptions;
  /** Peers whose `x-forwarded-for` is believed, as plain addresses: `127.0.0.1`. */
  readonly trustedProxies: readonly string[];
  /**
   * Keeps the traffic, so that a restarted edge knows it; `.fences` beside it keeps the highest number
   * of a lease. Absolute path.
   */
  readonly trafficFile: string;
  /** How often flags are fetched, in milliseconds. Default 1000. */
  readonly refreshMs?: number;
}
