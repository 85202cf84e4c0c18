import type { z } from 'zod';

/** What the API's description says of a route. Kept on the route itself, as `config.operation`. */
export interface Operation {
  /** One line for people. */
  readonly summary: string;
  /** Which part of the description it stands in. */
  readonly tag: 'concierge' | 'support' | 'dashboard' | 'operations';
  /** The body; or, for a route that is asked with GET, the query. */
  readonly request?: z.ZodType;
  /** The body of a good answer; null for one without a body. */
  readonly response: z.ZodType | null;
  /** Status of a good answer; 200 when left out. */
  readonly status?: number;
  /** Status of a refusal -> its codes. */
  readonly errors: ErrorCodes;
  /** Needs `x-idempotency-key`. */
  readonly needsKey?: boolean;
  readonly deprecation?: Deprecation;
}

/** Statuses of refusals and the codes that come with them. */
export type ErrorCodes = Readonly<Record<number, readonly string[]>>;

/** An endpoint that will go: at least 90 days after clients were told. */
export interface Deprecation {
  readonly since: Date;
  readonly sunset: Date;
  /** Where the successor is described. */
  readonly link: string;
}

/** The headers that tell clients of it (RFC 9745, RFC 8594). */
export function deprecationHeaders({ since, sunset, link }: Deprecation): Record<string, string> {
  return {
    deprecation: `@${Math.floor(since.getTime() / 1_000)}`,
    sunset: sunset.toUTCString(),
    link: `<${link}>; rel="deprecation"`,
  };
}
