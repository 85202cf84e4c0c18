import { redact } from '../base/redact.ts';

/** What the renderers need of a stream. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Writes lines to a stream, secrets redacted: the only way from this room to a screen. */
export function writeLines(stream: OutputStream, lines: readonly string[]): void {
  if (lines.length === 0) return;
  stream.write(`${redact(lines.join('\n'))}\n`);
}
