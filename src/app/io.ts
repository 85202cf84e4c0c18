import type { Writable } from 'node:stream';

/** What a command may show and ask: the terminal, or a test's streams. */
export interface Io {
  /** Results. With --json exactly one document. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Everything else: progress, prompts, errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: { readonly isTTY?: boolean };
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** The process's own streams. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    variables: process.env,
    workingDirectory: process.cwd(),
  };
}
