import type { Prepared } from '../change.ts';
import type { Examined } from '../health.ts';

/** A silence as the alerting system holds it. */
export interface Silence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly endsAt: number;
  readonly comment: string;
}

/** A silence that is wanted. */
export interface SilenceRequest {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly author: string;
  readonly comment: string;
}

/** The alerting system. Silences always expire, and match the concierge's labels only. */
export interface AlertsService extends Examined {
  /** A silence of the configured labels, prepared and not sent; sending it gives its id. */
  prepareSilence(request: SilenceRequest): Prepared<string>;
  /** Silences the configured labels until `endsAt`. Returns the id. */
  silence(request: SilenceRequest, signal: AbortSignal): Promise<string>;
  /** The silences on the configured labels. */
  silences(signal: AbortSignal): Promise<readonly Silence[]>;
}
