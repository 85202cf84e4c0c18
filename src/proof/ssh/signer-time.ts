const form = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/;

/**
 * A time as OpenSSH writes it, in milliseconds since the epoch: YYYYMMDD or YYYYMMDDHHMM[SS], in UTC
 * with a Z behind it and in the time zone of this machine without. Undefined when it is none.
 */
export function parseTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, zone] = form.exec(text) ?? [];
  if (year === undefined) return undefined;
  const parts = [year, month, day, hour, minute, second].map((part) => Number(part ?? 0));
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const utc = Date.UTC(y, m - 1, d, h, min, s);
  // The calendar has no 30 February, though a Date would take one.
  const written = [y, m, d, h, min, s]
    .map((part, index) => pad(part, index === 0 ? 4 : 2))
    .join('');
  if (new Date(utc).toISOString().replace(/\D/g, '').slice(0, 14) !== written) return undefined;
  return zone === 'Z' ? utc : new Date(y, m - 1, d, h, min, s).getTime();
}

function pad(part: number, length: number): string {
  return String(part).padStart(length, '0');
}
