/**
 * Base64 between a first and a last line, as SSH writes keys and signatures. Only one spelling of
 * the same bytes is accepted, apart from the length of the lines: a changed letter always shows.
 */

const lineLength = 70;

/** The bytes of canonical base64 (with padding), or undefined. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Bytes as armored text; `label` stands between the dashes: `SSH SIGNATURE`. */
export function armor(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(new RegExp(`.{1,${lineLength}}`, 'g'));
  return [`-----BEGIN ${label}-----`, ...(lines ?? []), `-----END ${label}-----`, ''].join('\n');
}

/** The bytes of an armored text, or undefined when it is not exactly one with this label. */
export function dearmor(label: string, text: string): Buffer | undefined {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  if (lines[0] !== `-----BEGIN ${label}-----`) return undefined;
  if (lines.at(-1) !== `-----END ${label}-----`) return undefined;
  return fromBase64(lines.slice(1, -1).join(''));
}
