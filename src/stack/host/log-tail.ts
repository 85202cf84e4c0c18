import { open } from 'node:fs/promises';
import { redact } from '../../base/redact.ts';

const tailBytes = 16 * 1024;
const tailLines = 20;
const lineLength = 400;

/** Names of variables whose values are secret, for orders that do not say so themselves. */
const secretName = /(KEY|KEY_ID|TOKEN|SECRET|PASSWORD|URI)$/;

/** The values that must not be shown, longest first so that none hides inside another. */
export function secretValues(
  env: Readonly<Record<string, string>>,
  named: readonly string[],
): readonly string[] {
  return Object.entries(env)
    .filter(([name, value]) => value.length >= 6 && (named.includes(name) || secretName.test(name)))
    .map(([, value]) => value)
    .sort((a, b) => b.length - a.length);
}

/** The text without these values, without passwords in addresses, and of bounded length. */
export function cleanLine(line: string, secrets: readonly string[]): string {
  const blanked = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
  return redact(blanked).slice(0, lineLength);
}

/** The last lines that were written to a log from this byte on; none when it cannot be read. */
export async function lastLines(
  file: string,
  from: number,
  secrets: readonly string[],
): Promise<readonly string[]> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Math.max(from, size - tailBytes);
      const buffer = Buffer.alloc(Math.max(0, size - start));
      await handle.read(buffer, 0, buffer.length, start);
      const lines = buffer
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      return lines.slice(-tailLines).map((line) => cleanLine(line, secrets));
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}
