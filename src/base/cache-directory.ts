import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where things lie that can be made again: `$XDG_CACHE_HOME/aurora`, or `~/.cache/aurora`. A relative
 * XDG_CACHE_HOME is ignored, as its specification asks.
 */
export function cacheDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const configured = env.XDG_CACHE_HOME;
  const base =
    configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.cache');
  return join(base, 'aurora');
}
