/** A small seeded generator (mulberry32): numbers in [0, 1) that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many of n fail, each with probability p: by the gaps between failures, so cheap for small p. */
export function binomial(random: () => number, n: number, p: number): number {
  if (p === 0) return 0;
  let count = 0;
  let at = -1;
  for (;;) {
    at += 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-p));
    if (at >= n) return count;
    count += 1;
  }
}
