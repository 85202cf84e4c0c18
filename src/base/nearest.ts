/** How many single-letter edits turn one word into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** How many slips of the hand a word may hold. */
function slips(word: string): number {
  return Math.max(2, Math.floor(word.length / 3));
}

/**
 * The known word that somebody most likely meant, whatever its case; undefined when none is within
 * `allowed` edits. Among equally near ones the first.
 */
export function nearest(
  word: string,
  known: readonly string[],
  allowed: number = slips(word),
): string | undefined {
  const lower = word.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= allowed ? best.candidate : undefined;
}
