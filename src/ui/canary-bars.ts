import type { Symbols } from './symbols.ts';

/** A bar of `width` columns for a part between 0 and 1. It is full only when the part is whole. */
export function bar(part: number, width: number, { full, empty }: Symbols): string {
  const bounded = Math.min(1, Math.max(0, part));
  const filled = bounded === 1 ? width : Math.min(width - 1, Math.round(bounded * width));
  return full.repeat(filled) + empty.repeat(width - filled);
}

/** The latest parts (0 to 1) as a line of heights, oldest first, at most `width` columns. */
export function sparkline(parts: readonly number[], width: number, { levels }: Symbols): string {
  const top = levels.length - 1;
  return parts
    .slice(Math.max(0, parts.length - width))
    .map((part) => levels[Math.round(Math.min(1, Math.max(0, part)) * top)] ?? '')
    .join('');
}
