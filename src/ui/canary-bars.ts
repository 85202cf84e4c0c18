import type { Symbols } from './symbols.ts';

/** A bar of `width` columns for a part between 0 and 1. It is full only when the part is whole. */
export function bar(part: number, width: number, { full, empty }: Symbols): string {
  const bounded = Math.min(1, Math.max(0, part));
  const filled = bounded === 1 ? width : Math.min(width - 1, Math.round(bounded * width));
  return full.repeat(filled) + empty.repeat(width - filled);
}

/**
 * Parts (0 to 1) as a line of heights, oldest first, in at most `width` columns: of more parts than
 * that each column shows the last one of its stretch.
 */
export function sparkline(parts: readonly number[], width: number, { levels }: Symbols): string {
  const top = levels.length - 1;
  const columns = Math.min(width, parts.length);
  return Array.from({ length: columns }, (_, column) => {
    const last = Math.ceil(((column + 1) * parts.length) / columns) - 1;
    const part = Math.min(1, Math.max(0, parts[last] ?? 0));
    return levels[Math.round(part * top)] ?? '';
  }).join('');
}
