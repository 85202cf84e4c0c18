/**
 * Redis' glob as a matcher: `*`, `?`, `[a-z]`, `[^a]`, `\` quotes the next character. Keys and
 * patterns are latin1 strings, so that it works byte by byte as the real one does.
 */
export function globMatcher(pattern: string): (key: string) => boolean {
  const parts = ['^'];
  let at = 0;
  while (at < pattern.length) {
    const [source, next] = translate(pattern, at);
    // `**` means what `*` means, and would only make the expression slow.
    if (source !== '.*' || parts.at(-1) !== '.*') parts.push(source);
    at = next;
  }
  const expression = new RegExp(`${parts.join('')}$`, 's');
  return (key) => expression.test(key);
}

/** One element of the pattern as a regular expression, and where the next one begins. */
function translate(pattern: string, at: number): [source: string, next: number] {
  const character = pattern.charAt(at);
  if (character === '*') return ['.*', at + 1];
  if (character === '?') return ['.', at + 1];
  if (character === '[') return characterClass(pattern, at + 1);
  if (character === '\\' && at + 1 < pattern.length) {
    return [quote(pattern.charAt(at + 1)), at + 2];
  }
  return [quote(character), at + 1];
}

/** A class such as `[^a-c]`; one that is never closed reaches to the end, as in Redis. */
function characterClass(pattern: string, start: number): [source: string, next: number] {
  let at = start;
  const negated = pattern.charAt(at) === '^';
  if (negated) at += 1;
  const ranges: string[] = [];
  while (at < pattern.length && pattern.charAt(at) !== ']') {
    if (pattern.charAt(at) === '\\' && at + 1 < pattern.length) at += 1;
    const from = pattern.charAt(at);
    if (pattern.charAt(at + 1) === '-' && at + 2 < pattern.length) {
      const to = pattern.charAt(at + 2);
      const [low, high] = from <= to ? [from, to] : [to, from];
      ranges.push(`${quote(low)}-${quote(high)}`);
      at += 3;
    } else {
      ranges.push(quote(from));
      at += 1;
    }
  }
  const body = ranges.join('');
  if (body === '') return [negated ? '.' : '(?!)', at + 1];
  return [`[${negated ? '^' : ''}${body}]`, at + 1];
}

/** A character as itself, inside and outside of a class. */
function quote(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
