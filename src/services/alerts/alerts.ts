import type { Examined } from '../health.ts';

/** A silence as the alerting system holds it. */
export interface Silence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly endsAt: number;
  readonly comment: string;
}

/** The alerting system. Silences always expire, and match the concierge's labels only. */
export interface AlertsService extends Examined {
  /** Silences the configured labels until `endsAt` (milliseconds since the epoch). Returns the id. */
  silence(
    request: { readonly endsAt: number; readonly author: string; readonly comment: string },
    signal: AbortSignal,
  ): Promise<string>;
  /** The silences on the configured labels. */
  silences(signal: AbortSignal): Promise<readonly Silence[]>;
}
