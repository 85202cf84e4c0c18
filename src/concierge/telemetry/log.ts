import { type DestinationStream, destination, type Logger, pino } from 'pino';

/** One line for each request; the build is added. Duration in milliseconds. */
export interface RequestLine {
  readonly requestId: string;
  readonly timestamp: string;
  readonly endpoint: string;
  readonly method: string;
  readonly statusCode: number;
  readonly duration: number;
  readonly sessionId: string | null;
  /** Set for a request of aurora's own: no customer's. */
  readonly probe?: true;
}

/** JSON lines. Lines other than requests have no statusCode. */
export interface Log {
  request(line: RequestLine): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** An error with its stack. Its own properties are left out: they may hold a connection string. */
  error(message: string, error: unknown, details?: Readonly<Record<string, unknown>>): void;
  /** Writes out what is buffered. */
  flush(): void;
}

/** A log of JSON lines on standard output, or wherever `stream` goes. */
export function createLog(build: string, stream: DestinationStream = buffered()): Log {
  // The build stands where pino has its level: lines hold the agreed fields and nothing else.
  const logger: Logger = pino(
    { base: null, timestamp: false, formatters: { level: () => ({ build }) } },
    stream,
  );
  const beginning = `${JSON.stringify({ build }).slice(0, -1)},`;
  const entry = (level: string, details: Readonly<Record<string, unknown>> = {}) => ({
    level,
    timestamp: new Date().toISOString(),
    ...details,
  });
  return {
    // Half of what a logger costs: one of these comes with every request.
    request: (line) => stream.write(`${beginning}${JSON.stringify(line).slice(1)}\n`),
    info: (message, details) => logger.info({ ...entry('info', details), message }),
    error: (message, error, details) => {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logger.error({ ...entry('error', details), message, stack });
    },
    flush: () => logger.flush(),
  };
}

/**
 * Written in blocks: a write for each line would cost more than answering the request. While nobody takes
 * them, lines wait up to 8 MB; beyond that they are given up, not the service.
 */
function buffered(): DestinationStream {
  const maxLength = 8_000_000;
  return destination({ fd: 1, sync: false, minLength: 16_000, maxLength, periodicFlush: 200 });
}
