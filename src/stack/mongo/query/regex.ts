import type { BSONRegExp } from 'bson';
import { fail, refuse } from '../errors.ts';

const spaces = '\\t\\n\\v\\f\\r ';
const kept = new Set(['d', 'D', 'w', 'W', 'b', 'B', 'n', 'r', 't']);

/** One piece of a pattern that means the same in PCRE and in JavaScript, or can be put the same. */
const piece =
  /\\(?<escape>[\s\S])|(?<klass>\[\^?(?:\\[\s\S]|[^\\\]])+\])|(?<group>\(\?(?:[:=!]|<?[\s\S]?))|(?<dot>\.)|(?<end>\$)|(?<other>[\s\S])/gu;

/**
 * The JavaScript form of a PCRE pattern, for the subset in which both agree. Options: `i` and `s`.
 * Everything else is refused rather than matched a little differently.
 */
export function toRegExp(expression: BSONRegExp): RegExp {
  const { pattern, options } = expression;
  if (/[^is]/.test(options)) refuse(`the regular expression option in '${options}'`);
  const dot = options.includes('s') ? '[\\s\\S]' : '[^\\n]';
  const source = pattern.replace(piece, (all, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups.escape !== undefined) return escaped(groups.escape);
    if (groups.klass !== undefined) return characterClass(groups.klass);
    if (groups.group !== undefined && !/^\(\?[:=!]$/.test(all)) refuse(`'${all}' in a pattern`);
    if (groups.dot !== undefined) return dot;
    return groups.end === undefined ? all : '(?=\\n?$)';
  });
  try {
    return new RegExp(source, options.includes('i') ? 'iu' : 'u');
  } catch {
    return fail(51091, `Regular expression is invalid or not supported here: ${pattern}`);
  }
}

function escaped(character: string): string {
  if (kept.has(character)) return `\\${character}`;
  if (character === 's') return `[${spaces}]`;
  if (character === 'S') return `[^${spaces}]`;
  if (/[a-zA-Z0-9]/.test(character)) refuse(`'\\${character}' in a pattern`);
  return literal(character);
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function characterClass(text: string): string {
  if (/\[[:.=]|\[/.test(text.slice(1))) refuse(`the character class ${text}`);
  return text.replace(/\\([\s\S])/g, (all, character: string) => {
    if (character === 's') return spaces;
    if (/[dDwWnrt]/.test(character)) return all;
    if (/[a-zA-Z0-9]/.test(character)) refuse(`'${all}' in a character class`);
    return `\\${/[\^$\\.*+?()[\]{}|/-]/.test(character) ? character : refuse(all)}`;
  });
}
