/**
 * SSH's binary data (RFC 4251, section 5): numbers of four bytes, and strings with their length in
 * front. Reading is strict: what could be written in two ways is accepted in one.
 */

/** Bytes that are not what they should be. Callers turn it into a verdict or an error of their own. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/** Reads one value after the other; WireError when the bytes end too early or say nonsense. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `length` bytes as they are. */
  raw(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError('it ends too early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  byte(): number {
    return this.raw(1).readUInt8();
  }

  uint32(): number {
    return this.raw(4).readUInt32BE();
  }

  /** A string as bytes. */
  string(): Buffer {
    return this.raw(this.uint32());
  }

  /** A string that must be valid UTF-8. */
  text(): string {
    const bytes = this.string();
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) throw new WireError('a text in it is not valid UTF-8');
    return text;
  }

  /** A positive whole number, most significant byte first, without the zero that may stand in front. */
  positive(): Buffer {
    const bytes = this.string();
    const first = bytes[0] ?? 0;
    const second = bytes[1] ?? 0;
    const padded = first === 0 && second >= 0x80;
    if ((first === 0 && !padded) || first >= 0x80) {
      throw new WireError('a number in it is not a positive one in its shortest form');
    }
    return padded ? bytes.subarray(1) : bytes;
  }

  /** The bytes that are left. */
  rest(): Buffer {
    return this.raw(this.#bytes.length - this.#at);
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** WireError unless everything was read. */
  end(): void {
    if (!this.done) throw new WireError('there is something behind its end');
  }
}

/** A number of four bytes. */
export function wireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Bytes or UTF-8 text with their length in front. */
export function wireString(content: Uint8Array | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([wireUint32(bytes.length), bytes]);
}

/** A positive whole number (most significant byte first) in its shortest form. */
export function wirePositive(number: Uint8Array): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  const bytes = start === -1 ? Buffer.alloc(0) : Buffer.from(number.subarray(start));
  return wireString((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

/** Strings one after the other. */
export function wireStrings(...parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(parts.map(wireString));
}
