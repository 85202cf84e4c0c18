/** How much warming is enough: whichever comes first. */
export interface WarmUpLimits {
  readonly requests: number;
  readonly ms: number;
}

/** What the host service is told by its supervisor. Everything listens on 127.0.0.1. */
export interface HostOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Bearer token: the same one as the edges' `adminToken`, since the deploy driver has only one. */
  readonly token: string;
  /** Absolute path; holds `run/` (the copies that run), `logs/<environment>-<slot>.jsonl`, `fences.json`. */
  readonly directory: string;
  /** Ports for slots, both ends included; free ones below 32768 are taken in order. */
  readonly portRange: readonly [first: number, last: number];
  /** How much a new slot is warmed up before it is ready; enough for the concierge when left out. */
  readonly warmUp?: WarmUpLimits;
}
