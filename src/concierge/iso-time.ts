let last = { at: 0, text: '1970-01-01T00:00:00.000Z' };

/** A moment as ISO 8601; `at` in milliseconds. One request names the same moment several times. */
export function isoTime(at: number): string {
  if (at !== last.at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}
