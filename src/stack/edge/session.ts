import type { IncomingHttpHeaders } from 'node:http';

const cookieName = 'aurora_session';

/** The session id of a request: header first, else the page's cookie; undefined without one. */
export function sessionOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['x-session-id'];
  if (typeof header === 'string' && header !== '') return header;
  const cookies = headers.cookie;
  if (cookies === undefined) return undefined;
  for (const pair of cookies.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === cookieName) {
      return pair.slice(at + 1).trim() || undefined;
    }
  }
  return undefined;
}
