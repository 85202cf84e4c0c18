import { type FileHandle, open } from 'node:fs/promises';
import type { ParsedLine } from './fields.ts';
import type { LogEntry, LogFilter } from './logs.ts';

/** What one file adds to a window. */
export interface FileWindow {
  requests: number;
  errors: number;
  errorEntries: LogEntry[];
  otherLines: number;
}

const chunkBytes = 1 << 20;
const newline = 0x0a;

/**
 * One log file that is read on from where it was left, so that polling a watch costs only what was
 * appended. Of a request that went well only its time, endpoint and build are kept, as numbers: half
 * a million lines take a few megabytes. A file that shrank or was replaced is read anew.
 */
export class FollowedFile {
  readonly #path: string;
  readonly #parse: (line: string) => ParsedLine;
  #offset = 0;
  #identity = '';
  #rest: Buffer = Buffer.alloc(0);
  #lastTime = 0;
  #words: string[] = [];
  #numbers = new Map<string, number>();
  #times: number[] = [];
  #endpoints: number[] = [];
  #builds: number[] = [];
  #errors: LogEntry[] = [];
  #others: number[] = [];

  constructor(path: string, parse: (line: string) => ParsedLine) {
    this.#path = path;
    this.#parse = parse;
  }

  /** Reads what was appended. False when the file does not exist (any more). */
  async update(signal: AbortSignal): Promise<boolean> {
    let handle: FileHandle;
    try {
      handle = await open(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#forget('');
      return false;
    }
    try {
      const { dev, ino, size } = await handle.stat();
      const identity = `${dev}:${ino}`;
      if (identity !== this.#identity || size < this.#offset) this.#forget(identity);
      await this.#readOn(handle, signal);
      return true;
    } finally {
      await handle.close();
    }
  }

  /** Counts what is known. Endpoints and builds are compared once each, not once per line. */
  window(filter: LogFilter): FileWindow {
    const until = filter.until ?? Number.POSITIVE_INFINITY;
    const inTime = (time: number) => time >= filter.since && time <= until;
    const matchesPath = (endpoint: string) =>
      filter.paths.length === 0 || filter.paths.some((prefix) => endpoint.startsWith(prefix));
    // A line that does not name its build cannot be left out: it may be the candidate's.
    const matchesBuild = (build: string) =>
      filter.build === undefined || build === '' || build === filter.build;
    const pathWanted = this.#words.map(matchesPath);
    const buildWanted = this.#words.map(matchesBuild);
    let good = 0;
    for (let i = 0; i < this.#times.length; i += 1) {
      const counts =
        inTime(this.#times[i] ?? 0) &&
        pathWanted[this.#endpoints[i] ?? 0] === true &&
        buildWanted[this.#builds[i] ?? 0] === true;
      if (counts) good += 1;
    }
    const errors = this.#errors.filter(
      ({ timestamp, endpoint, build }) =>
        inTime(timestamp) && matchesPath(endpoint) && matchesBuild(build ?? ''),
    );
    return {
      requests: good + errors.length,
      errors: errors.length,
      errorEntries: errors,
      otherLines: this.#others.filter(inTime).length,
    };
  }

  #forget(identity: string): void {
    this.#identity = identity;
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    this.#lastTime = 0;
    this.#words = [];
    this.#numbers = new Map();
    this.#times = [];
    this.#endpoints = [];
    this.#builds = [];
    this.#errors = [];
    this.#others = [];
  }

  async #readOn(handle: FileHandle, signal: AbortSignal): Promise<void> {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      this.#take(Buffer.concat([this.#rest, chunk.subarray(0, bytesRead)]));
    }
  }

  /** Only whole lines count: what follows the last line break waits for its end. */
  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(newline);
    this.#rest = Buffer.from(bytes.subarray(end + 1));
    if (end < 0) return;
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      if (line.trim() !== '') this.#add(this.#parse(line));
    }
  }

  #add(line: ParsedLine): void {
    if (line.kind === 'other') {
      // A stack trace has no time of its own: it belongs to the line before it.
      this.#others.push(line.timestamp ?? this.#lastTime);
      return;
    }
    const { entry } = line;
    this.#lastTime = entry.timestamp;
    if (entry.status >= 500) {
      this.#errors.push(entry);
      return;
    }
    this.#times.push(entry.timestamp);
    this.#endpoints.push(this.#numberOf(entry.endpoint));
    this.#builds.push(this.#numberOf(entry.build ?? ''));
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#words.push(word);
    this.#numbers.set(word, this.#words.length - 1);
    return this.#words.length - 1;
  }
}
