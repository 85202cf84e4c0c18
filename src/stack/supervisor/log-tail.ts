import { open } from 'node:fs/promises';
import { redact } from '../../base/redact.ts';

const readAtMost = 16 * 1024;

/** What a dying Node program prints around the one line that says why. */
const isNoise = (line: string) => /^\s*(\^*|at .*|Node\.js v[\d.]+)\s*$/.test(line);

/**
 * The last lines of a log file after a place in it, stack frames left out and secrets redacted; none
 * when it cannot be read.
 */
export async function lastLines(
  path: string,
  count: number,
  after = 0,
): Promise<readonly string[]> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const length = Math.min(Math.max(0, size - after), readAtMost);
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const lines = buffer.toString('utf8').split('\n');
      return lines
        .filter((line) => !isNoise(line))
        .slice(-count)
        .map(redact);
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}
