/** A reading of a clock on the wall, as milliseconds since the epoch if that wall stood in UTC. */
export type WallMs = number;

const minuteMs = 60_000;
/** No zone has ever been further from UTC than this. */
const farthestMs = 26 * 60 * minuteMs;

const formats = new Map<string, Intl.DateTimeFormat>();

/** RangeError for a zone that nobody knows. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Whether there is such a time zone: `Europe/Oslo`. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall in this zone shows at an instant; both in milliseconds. */
export function wallAt(zone: string, instantMs: number): WallMs {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instantMs)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const ms = ((instantMs % 1_000) + 1_000) % 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + ms;
}

/** The instant at which clocks are changed, somewhere between the two: the first that shows `wall` or more. */
function changeBetween(zone: string, before: number, after: number, wall: WallMs): number {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallAt(zone, middle) < wall) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The instant at which the wall shows this time. Where clocks are put back it shows it twice:
 * `which` decides. Where they are put forward it never does: then it is the moment of the change.
 */
export function instantOf(zone: string, wall: WallMs, which: 'first' | 'last'): number {
  const offsets = [wall - farthestMs, wall + farthestMs].map((at) => wallAt(zone, at) - at);
  const candidates = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
  const shown = candidates.filter((at) => wallAt(zone, at) === wall);
  const found = which === 'first' ? shown[0] : shown.at(-1);
  if (found !== undefined) return found;
  const [early = wall, late = wall] = candidates;
  return changeBetween(zone, early - 1, late, wall);
}
