/** Cuts a stream of bytes into messages by their length prefix, without copying twice. */
export class Frames {
  readonly #longest: number;
  #chunks: Buffer[] = [];
  #held = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The messages completed by this chunk. Throws on a length that cannot be. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const complete: Buffer[] = [];
    for (let length = this.#nextLength(); length <= this.#held; length = this.#nextLength()) {
      complete.push(this.#take(length));
    }
    return complete;
  }

  #nextLength(): number {
    if (this.#held < 4) return Number.POSITIVE_INFINITY;
    if ((this.#chunks[0]?.length ?? 0) < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]?.readInt32LE(0) ?? 0;
    if (length < 16 || length > this.#longest) throw new Error(`message of ${length} bytes`);
    return length;
  }

  #take(length: number): Buffer {
    const [first] = this.#chunks;
    const whole =
      first !== undefined && first.length >= length ? first : Buffer.concat(this.#chunks);
    const rest = whole.subarray(length);
    const others = whole === first ? this.#chunks.slice(1) : [];
    this.#chunks = rest.length === 0 ? others : [rest, ...others];
    this.#held -= length;
    return whole.subarray(0, length);
  }
}
