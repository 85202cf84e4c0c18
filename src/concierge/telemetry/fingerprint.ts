/** Two halves of 32 bits, kept here so that a fingerprint needs no object of its own. */
export class Fingerprint {
  high = 0;
  low = 0;
  readonly #seed: number;

  /** Another seed, other fingerprints: nobody outside can find two ids that share one. */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** Takes the fingerprint of a text. Two of 100,000 texts share one about once in 10^9 times. */
  take(text: string): void {
    let high = this.#seed ^ 0x9e3779b9;
    let low = ~this.#seed ^ 0x7f4a7c15;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, 0x85ebca77);
      high = (high << 13) | (high >>> 19);
      low = Math.imul(low + unit, 0xc2b2ae3d);
      low = (low << 17) | (low >>> 15);
    }
    this.high = scatter(high ^ low);
    this.low = scatter(low + Math.imul(high, 0x27d4eb2f));
  }
}

/** Lets every bit depend on every other. */
function scatter(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
