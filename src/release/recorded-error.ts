import { AuroraError, messageOf } from '../base/errors.ts';
import type { RecordedError } from './events.ts';

/** What the journal keeps of an error: never its cause, which may hold a request with a token. */
export function recordError(error: unknown): RecordedError {
  if (!(error instanceof AuroraError)) return { code: 'UNEXPECTED', message: messageOf(error) };
  return {
    code: error.code,
    message: error.message,
    ...(error.where === undefined ? {} : { where: error.where }),
    remedy: error.remedy,
  };
}
