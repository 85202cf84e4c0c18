import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** The character that begins every control sequence. */
export const escapeSign = '\u001b';
const parts = new RegExp(`${escapeSign}\\[\\??\\d*[A-Za-z]|\\n|[^\\n${escapeSign}]+`, 'g');
const upwards = new RegExp(`^${escapeSign}\\[(\\d+)A$`);

/** A stream that behaves like a small terminal: it knows what is on its screen now. */
export class FakeScreen extends Writable {
  readonly isTTY = true;
  /** Everything that was written, as it was written. */
  raw = '';
  #rows: string[] = [''];
  #row = 0;
  /** The cursor stands at the beginning of its row: what comes replaces the row. */
  #fresh = true;

  constructor(
    readonly columns = 120,
    readonly rows = 40,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    this.raw += text;
    for (const [part] of text.matchAll(parts)) this.#take(part);
    done();
  }

  #take(part: string): void {
    const [, lines] = upwards.exec(part) ?? [];
    if (lines !== undefined) {
      this.#row = Math.max(0, this.#row - Number(lines));
      this.#rows[this.#row] ??= '';
      this.#fresh = true;
    } else if (part === '\u001b[J') {
      this.#rows.length = this.#row + 1;
      this.#rows[this.#row] = '';
    } else if (part === '\n') {
      this.#row += 1;
      this.#rows[this.#row] ??= '';
      this.#fresh = true;
    } else if (part !== '\u001b[K' && !part.startsWith('\u001b[')) {
      this.#rows[this.#row] = this.#fresh ? part : `${this.#rows[this.#row] ?? ''}${part}`;
      this.#fresh = false;
    }
  }

  /** What a person sees, top to bottom. */
  get seen(): readonly string[] {
    return this.#rows.map((row) => stripVTControlCharacters(row).trimEnd());
  }

  get text(): string {
    return this.seen.join('\n');
  }

  /** Whether the cursor was left visible. */
  get cursorVisible(): boolean {
    return this.raw.lastIndexOf('\u001b[?25h') >= this.raw.lastIndexOf('\u001b[?25l');
  }
}
