/** Headers that belong to one connection and end at a proxy (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Flat list of names and values, as Node and undici both take it. */
export type FlatHeaders = string[];

/** Names that `connection: x, y` declares to be of this connection only. */
function declared(connection: string | undefined): readonly string[] {
  if (connection === undefined || /^(keep-alive|close)$/i.test(connection)) return [];
  return connection.split(',').map((name) => name.trim().toLowerCase());
}

/** Every header but those of the connection and those in `without` (lower case). */
export function forwardable(
  raw: readonly (string | Buffer)[],
  connection: string | undefined,
  without: ReadonlySet<string>,
): FlatHeaders {
  const result: FlatHeaders = [];
  const more = declared(connection);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]);
    const key = name.toLowerCase();
    if (hopByHop.has(key) || without.has(key) || more.includes(key)) continue;
    // Header bytes are latin1: any other reading would change them on the way through.
    const value = raw[at + 1];
    result.push(name, typeof value === 'string' ? value : (value?.toString('latin1') ?? ''));
  }
  return result;
}
