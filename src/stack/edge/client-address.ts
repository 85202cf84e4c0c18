import { isIP } from 'node:net';

/** An IPv4 address that a dual-stack socket shows as `::ffff:127.0.0.1`, in its plain form. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/**
 * The customer's address. An incoming `x-forwarded-for` counts only when the peer itself is trusted;
 * then it is read from the right, past trusted proxies, to the first address that is not one of
 * them. Anything malformed ends the reading: what stands left of it could be invented.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  trusted: ReadonlySet<string>,
): string {
  let address = plain(peer ?? '');
  if (forwarded === undefined || !trusted.has(address)) return address;
  const chain = forwarded.split(',').map((part) => plain(part.trim()));
  for (const next of chain.reverse()) {
    if (isIP(next) === 0) return address;
    address = next;
    if (!trusted.has(next)) return address;
  }
  return address;
}
