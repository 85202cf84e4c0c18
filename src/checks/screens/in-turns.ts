/** Visitors at once: more would only slow each other down, and run into the limits of an address. */
export const atOnce = 3;

/** Does the work for every item, at most `atOnce` at a time. Results in the order of the items. */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const rest = [...items.entries()];
  const one = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      results.set(next[0], await work(next[1]));
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, one));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
