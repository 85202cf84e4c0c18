import type { EnvironmentName } from '../../base/environments.ts';
import type { Prepared } from '../change.ts';
import type { Examined } from '../health.ts';

/** What a client of the CDN sees at a path. */
export interface CdnAnswer {
  readonly status: number;
  /** Whether the CDN answered from its cache. */
  readonly cached: boolean;
  /** Digest of the build that the answer comes from, when it says so. */
  readonly build: string | null;
  /** SHA-256 of the body. */
  readonly bodyDigest: string;
  /** For the pointer `/widget.js`: the bundle path it names; else null. */
  readonly pointsTo: string | null;
}

/** The content delivery network in front of the widget bundle. */
export interface CdnService extends Examined {
  /** A purge of these paths, prepared and not sent. Each path is tried, whatever the others do. */
  preparePurge(environment: EnvironmentName, paths: readonly string[]): Prepared;
  /** Drops these paths from the cache. */
  purge(environment: EnvironmentName, paths: readonly string[], signal: AbortSignal): Promise<void>;
  /** Asks as a customer's browser would. */
  look(environment: EnvironmentName, path: string, signal: AbortSignal): Promise<CdnAnswer>;
}
