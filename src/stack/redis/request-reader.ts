/** One command as it came: its name and arguments as bytes. */
export type Request = readonly Buffer[];

/** Bytes that are no RESP: the connection gets this text as its last reply. */
export class ProtocolError extends Error {}

const longestLine = 64 * 1024;
const longestBulk = 64 * 1024 * 1024;
const mostArguments = 1024 * 1024;

/** Takes a connection's bytes as they come and gives whole commands, pipelined ones in order. */
export class RequestReader {
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Arguments of a command that has not come whole, and how many belong to it. */
  #arguments: Buffer[] = [];
  #expected = 0;

  /** Throws ProtocolError; the reader is of no use after that. */
  *push(chunk: Buffer): Generator<Request> {
    this.#buffer =
      this.#at === this.#buffer.length
        ? chunk
        : Buffer.concat([this.#buffer.subarray(this.#at), chunk]);
    this.#at = 0;
    for (;;) {
      const request = this.#next();
      if (request === undefined) return;
      if (request.length > 0) yield request;
    }
  }

  #next(): Request | undefined {
    if (this.#expected === 0) {
      const line = this.#line();
      if (line === undefined) return undefined;
      if (!line.startsWith('*')) return inlineArguments(line);
      const count = lengthOf(line, 'multibulk');
      if (count > mostArguments) throw new ProtocolError('invalid multibulk length');
      if (count <= 0) return [];
      this.#expected = count;
      this.#arguments = [];
    }
    while (this.#arguments.length < this.#expected) {
      const argument = this.#bulk();
      if (argument === undefined) return undefined;
      this.#arguments.push(argument);
    }
    this.#expected = 0;
    return this.#arguments;
  }

  /** A bulk string, or undefined (and nothing consumed) when it has not come whole. */
  #bulk(): Buffer | undefined {
    const start = this.#at;
    const line = this.#line();
    if (line === undefined) return undefined;
    if (!line.startsWith('$')) {
      throw new ProtocolError(`expected '$', got '${line.charAt(0)}'`);
    }
    const length = lengthOf(line, 'bulk');
    if (length < 0 || length > longestBulk) throw new ProtocolError('invalid bulk length');
    const end = this.#at + length;
    if (this.#buffer.length < end + 2) {
      this.#at = start;
      return undefined;
    }
    // Copied, or one small value would keep a whole network chunk in memory.
    const value = Buffer.from(this.#buffer.subarray(this.#at, end));
    this.#at = end + 2;
    return value;
  }

  #line(): string | undefined {
    const end = this.#buffer.indexOf(0x0a, this.#at);
    if (end < 0) {
      if (this.#buffer.length - this.#at > longestLine) {
        throw new ProtocolError('too big inline request');
      }
      return undefined;
    }
    const line = this.#buffer.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}

function lengthOf(line: string, what: string): number {
  if (!/^.-?\d{1,10}$/.test(line)) throw new ProtocolError(`invalid ${what} length`);
  return Number(line.slice(1));
}

/** A command typed by hand: `PING` or `GET key`. */
function inlineArguments(line: string): Request {
  return line
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => Buffer.from(word, 'latin1'));
}
