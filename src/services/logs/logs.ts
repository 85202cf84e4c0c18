import type { EnvironmentName } from '../../base/environments.ts';
import type { Examined } from '../health.ts';

/** One request as the log tells it, in aurora's own words whatever the field names were. */
export interface LogEntry {
  readonly requestId: string;
  readonly timestamp: number;
  readonly endpoint: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  /** Digest of the build that answered, when the log says so. */
  readonly build: string | null;
}

/** A window of the log, read once. */
export interface LogWindow {
  /** Requests in the window. */
  readonly requests: number;
  /** Those with a status of 500 or more; at most `limit` of them are kept whole. */
  readonly errors: number;
  readonly errorEntries: readonly LogEntry[];
  /** Lines that could not be read as a request, for instance a crash's stack. */
  readonly otherLines: number;
}

/** Which part of the log. */
export interface LogFilter {
  readonly environment: EnvironmentName;
  readonly since: number;
  readonly until?: number;
  /** Path prefixes; an entry counts when its endpoint starts with one of them. Empty: all. */
  readonly paths: readonly string[];
  readonly build?: string;
  /** How many error entries are kept; 50 when left out. */
  readonly limit?: number;
}

/** The request log. */
export interface LogsService extends Examined {
  read(filter: LogFilter, signal: AbortSignal): Promise<LogWindow>;
}
