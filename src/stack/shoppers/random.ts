/** Random choices that can be had again from the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** Spreads neighbouring numbers over all 32 bits, so that neighbouring seeds have nothing in common. */
function scatter(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The choices of one session: they depend on the seed and the session's number and on nothing that
 * happens meanwhile, so that answers coming in another order change nobody's plans. A Weyl sequence
 * through a 32-bit mixer: plenty for shoppers, useless for secrets.
 */
export function createRandom(seed: number, session: number): Random {
  let state = scatter(seed) ^ scatter(session + 0x51_7c_c1);
  const next = () => {
    state = (state + 0x9e37_79b9) >>> 0;
    return scatter(state) / 0x1_0000_0000;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    chance: (probability) => next() < probability,
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
  };
}
