import { catalogue, type ErrorCode } from './catalogue.ts';
import type { ExitCode } from './exit-codes.ts';
import { redact } from './redact.ts';

/** What an error says beyond its message. */
export interface AuroraErrorOptions {
  /** Where it happened: a file with a path inside it, an address, a command. */
  readonly where?: string;
  /** What to do, when that is more precise than the catalogue's general remedy. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * A known error: it has a code of the catalogue, says what failed, where, and what to do.
 * Anything else that reaches the exit point is a bug and prints a stack.
 */
export class AuroraError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly remedy: string;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, message: string, options: AuroraErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AuroraError';
    this.code = code;
    this.where = options.where === undefined ? undefined : redact(options.where);
    this.remedy = redact(options.remedy ?? catalogue[code].remedy);
    this.exitCode = catalogue[code].exit;
  }

  /** One line: what failed, where, and what to do. */
  get line(): string {
    const place = this.where === undefined ? '' : ` (${this.where})`;
    return `${this.code}: ${this.message}${place}. ${this.remedy}`;
  }
}

/** Whether an error is a known one with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is AuroraError {
  return error instanceof AuroraError && error.code === code;
}

/** Whether the operating system gave this error code: `ENOENT`, `EEXIST`. */
export function hasErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** The short text of any thrown value, secrets redacted; never its request configuration. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return messageOf(error.errors[0]);
  }
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    const text = error.message === '' && typeof code === 'string' ? code : error.message;
    return redact(text === '' ? error.name : text);
  }
  return redact(String(error));
}
