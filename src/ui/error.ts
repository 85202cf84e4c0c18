import { AuroraError } from '../base/errors.ts';
import { type OutputStream, writeLines } from './sink.ts';
import { oneLine } from './text.ts';
import type { Theme } from './theme.ts';

/**
 * How an error prints. A known one: what failed and where in one line, what to do under it. Anything
 * else is a bug and shows its stack, so that it can be reported.
 */
export function errorLines(error: unknown, theme: Theme): readonly string[] {
  if (error instanceof AuroraError) {
    const where = error.where === undefined ? '' : ` (${oneLine(error.where)})`;
    return [
      `${theme.noGo(error.code)}: ${oneLine(error.message)}${where}`,
      `  -> ${oneLine(error.remedy)}`,
    ];
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [theme.noGo('unexpected error, please report it:'), ...stackLines(stack, error)];
}

/** The causes' stacks too: the first error is the one that matters. */
function stackLines(stack: string, error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return stack.split('\n');
  const below = (cause.stack ?? cause.message).split('\n');
  return [...stack.split('\n'), 'caused by:', ...below];
}

/** Prints an error; to standard error, wherever the output goes. */
export function writeError(error: unknown, theme: Theme, stderr: OutputStream): void {
  writeLines(stderr, errorLines(error, theme));
}
