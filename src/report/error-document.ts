import { AuroraError, messageOf } from '../base/errors.ts';
import type { ErrorContent } from './schema/error.ts';

/** The `--json` document of a verb that failed, without its head. `code` is null for a bug. */
export function errorContent(error: unknown, exit: number): ErrorContent {
  const known = error instanceof AuroraError ? error : null;
  return {
    code: known?.code ?? null,
    message: messageOf(error),
    where: known?.where ?? null,
    remedy: known?.remedy ?? 'Report it with what stands on stderr: this is a bug of aurora.',
    exit,
  };
}
