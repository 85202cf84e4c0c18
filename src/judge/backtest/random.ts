import { logGamma } from '../log-beta.ts';

/** Below this mean a binomial number is found by walking through its distribution. */
const walkBelow = 30;

/**
 * Random numbers that are the same in every run: xoshiro128** (Blackman & Vigna 2018), its state
 * filled from one seed by splitmix32.
 */
export class Random {
  readonly #state: Uint32Array<ArrayBuffer>;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let value = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
      return (value ^ (value >>> 15)) >>> 0;
    });
  }

  /** Evenly from (0, 1), never 0. */
  next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const third = c ^ a;
    const fourth = d ^ b;
    this.#state[1] = b ^ third;
    this.#state[0] = a ^ fourth;
    this.#state[2] = third ^ (b << 9);
    this.#state[3] = (fourth << 11) | (fourth >>> 21);
    return (result + 0.5) / 4_294_967_296;
  }

  /** How many of n happen, each with probability p; exact for any n and p. */
  binomial(n: number, p: number): number {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < walkBelow ? this.#walk(n, p) : this.#reject(n, p);
  }

  #walk(n: number, p: number): number {
    const odds = p / (1 - p);
    for (;;) {
      let left = this.next();
      let probability = Math.exp(n * Math.log1p(-p));
      for (let k = 0; k <= n; k += 1) {
        left -= probability;
        if (left <= 0) return k;
        probability *= ((n - k) / (k + 1)) * odds;
      }
    }
  }

  /** Transformed rejection with a squeeze: algorithm BTRS of Hörmann (1993). */
  #reject(n: number, p: number): number {
    const q = 1 - p;
    const deviation = Math.sqrt(n * p * q);
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const c = n * p + 0.5;
    const squeeze = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * deviation;
    const mode = Math.floor((n + 1) * p);
    for (;;) {
      const u = this.next() - 0.5;
      const v = this.next();
      const rest = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / rest + b) * u + c);
      if (rest >= 0.07 && v <= squeeze) return k;
      if (k < 0 || k > n) continue;
      const height = Math.log((v * alpha) / (a / (rest * rest) + b));
      if (height <= logRatio(n, p, k, mode)) return k;
    }
  }
}

/** ln of how much likelier k of n is than the mode. */
function logRatio(n: number, p: number, k: number, mode: number): number {
  const weight = (at: number) => -logGamma(at + 1) - logGamma(n - at + 1);
  return weight(k) - weight(mode) + (k - mode) * Math.log(p / (1 - p));
}
