const known = new Set<string>();
/** Longest first: a secret that begins with another one must not leave its end behind. */
let searched: readonly string[] = [];

/** Shorter values would blank out innocent words, so they are not searched for. */
const shortestSearched = 6;

/** Addresses of servers without user or password in them: nothing to hide, and worth reading. */
const plainServer = /^(mongodb|redis)(s|\+srv)?:\/\/(?!.*password=)[^@]*$/i;

/** Makes every sink blank out this value from now on. Called by `Secret`; tests may call it too. */
export function rememberSecret(value: string): void {
  if (value.length >= shortestSearched && !plainServer.test(value)) {
    known.add(value);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) known.add(encoded);
    const json = JSON.stringify(value).slice(1, -1);
    if (json !== value) known.add(json);
    searched = [...known].sort((a, b) => b.length - a.length);
  }
}

/**
 * Credentials inside a URL's authority: `scheme://user:password@host`. Up to the last @ of it, since
 * people write passwords with an @ unencoded; a quote ends it, so that JSON around it stays whole.
 */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):([^\s/"]+)@/gi;

/**
 * The text with every known secret value, and every password inside a URL, replaced.
 * Each sink (terminal, journal, report, log) calls this on what it writes.
 */
export function redact(text: string): string {
  let result = text;
  for (const value of searched) {
    if (result.includes(value)) result = result.replaceAll(value, '[secret]');
  }
  return result.includes('://') ? result.replace(urlPassword, '$1:[secret]@') : result;
}
