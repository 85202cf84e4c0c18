import type { EnvironmentName } from '../../base/environments.ts';

/** The shop that synthetic customers of one environment visit. */
export interface ShopperTarget {
  /** Origin of the edge: `http://127.0.0.1:20100`. */
  readonly url: string;
  /** The `Host` header that customers would send: `api.glowglitch.com`. */
  readonly host: string;
  readonly apiKey: string;
}

/** What the shoppers are told by their supervisor. */
export interface ShoppersOptions {
  /** Of the control service; 0 takes a free port. */
  readonly port: number;
  /** The same seed makes the same customers in the same order. */
  readonly seed: number;
  readonly targets: Readonly<Record<EnvironmentName, ShopperTarget>>;
  /** New sessions per second at the start; `PUT /rates` changes them. */
  readonly rates: Readonly<Record<EnvironmentName, number>>;
}
