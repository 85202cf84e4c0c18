import type { Redis, RedisOptions } from 'ioredis';
import { withDeadline } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';

const connectMs = 2_000;
/** For one command, or one pipeline of them. */
const commandMs = 5_000;

const clientOptions = {
  lazyConnect: true,
  connectTimeout: connectMs,
  commandTimeout: commandMs,
  retryStrategy: () => null,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
} satisfies RedisOptions;

/**
 * One connection, opened on first use and again after a failure. Errors of the client library are
 * never passed on, not as a cause either: a refused AUTH carries its password in `command.args`.
 */
export class RedisConnection {
  readonly #label: string;
  readonly #create: (options: typeof clientOptions) => Redis;
  #client: Redis | undefined;
  #opening: Promise<Redis> | undefined;
  /** Why the connection broke, which the client tells by an event and not by its rejection. */
  #reason: unknown;

  constructor(label: string, create: (options: typeof clientOptions) => Redis) {
    this.#label = label;
    this.#create = create;
  }

  /** Runs `work` on the connection. Errors: SERVICE_UNREACHABLE, SERVICE_REFUSED, the signal's reason. */
  async use<T>(signal: AbortSignal, work: (client: Redis) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      const client = await this.#connected(signal);
      return await orAborted(work(client), signal);
    } catch (error) {
      // What is half done on this connection must not be answered to the next user.
      if (signal.aborted || !isReply(error)) this.close();
      if (signal.aborted) throw signal.reason;
      throw this.#translate(error);
    }
  }

  close(): void {
    this.#client?.disconnect();
    this.#client = undefined;
    this.#opening = undefined;
  }

  async #connected(signal: AbortSignal): Promise<Redis> {
    if (this.#client?.status === 'ready') return this.#client;
    const deadline = withDeadline(signal, connectMs, this.#label);
    try {
      this.#opening ??= this.#open();
      return await orAborted(this.#opening, deadline.signal);
    } finally {
      deadline.done();
      this.#opening = undefined;
    }
  }

  async #open(): Promise<Redis> {
    this.#reason = undefined;
    this.#client?.disconnect();
    const client = this.#create(clientOptions);
    this.#client = client;
    const broken = new Promise<never>((_, reject) => {
      client.on('error', (error) => {
        this.#reason ??= error;
        reject(error);
      });
    });
    broken.catch(() => undefined);
    // Nonsense from the other side breaks the connection without an end to `connect`.
    await Promise.race([client.connect(), broken]);
    return client;
  }

  #translate(error: unknown): AuroraError {
    if (error instanceof AuroraError) return error;
    const cause = this.#reason ?? error;
    this.#reason = undefined;
    const where = this.#label;
    if (cause instanceof Error && cause.name === 'ParserError') {
      return new AuroraError('SERVICE_ANSWER_INVALID', 'what answers is no Redis', { where });
    }
    if (!isReply(cause)) {
      return new AuroraError('SERVICE_UNREACHABLE', `no answer: ${messageOf(cause)}`, { where });
    }
    const text = messageOf(cause);
    const remedy = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(text)
      ? 'Check user and password in the address that services.cache.url refers to.'
      : undefined;
    return new AuroraError('SERVICE_REFUSED', `Redis answered: ${text}`, {
      where,
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}

/** Whether the server itself said no, rather than the network. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** The result, or the signal's reason as soon as it aborts. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
