import { redact } from '../base/redact.ts';
import type { DocumentContent, DocumentKind } from '../report/schema/documents.ts';
import { describeTerminal, type Terminal } from '../ui/terminal.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';

/** The version of the --json documents. */
const jsonVersion = 1;

/** How a verb shows its result: one JSON document, or text for people. */
export interface Output {
  readonly json: boolean;
  readonly terminal: Terminal;
  /** Text for people on stdout; nothing with --json. */
  text(lines: string | readonly string[]): void;
  /** The result for programs on stdout; nothing without --json. */
  document<Kind extends DocumentKind>(kind: Kind, content: DocumentContent<Kind>): void;
  /** One of several results, each on a line of its own. */
  documentLine<Kind extends DocumentKind>(kind: Kind, content: DocumentContent<Kind>): void;
  /** Remarks on stderr, in both modes. */
  remark(line: string): void;
}

/** Chooses the terminal's abilities for a stream. */
export function terminalOf(stream: Io['stdout'], io: Io, options: GlobalOptions): Terminal {
  return describeTerminal({
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    env: io.variables,
    // commander's --no-color gives false; its default true says nothing.
    ...(options.color === false ? { colourFlag: false } : {}),
  });
}

/** Opens the output of a verb. Everything written passes the redactor. */
export function openOutput(io: Io, options: GlobalOptions): Output {
  const json = options.json === true;
  const write = (kind: DocumentKind, content: object, indent: number) => {
    const head = { aurora: jsonVersion, kind };
    // The head comes first and counts, also where the content has one of its own.
    const whole = { ...head, ...content, ...head };
    if (json) io.stdout.write(`${redact(JSON.stringify(whole, null, indent))}\n`);
  };
  return {
    json,
    terminal: terminalOf(io.stdout, io, options),
    text: (lines) => {
      const text = typeof lines === 'string' ? lines : lines.join('\n');
      if (!json) io.stdout.write(`${redact(text)}\n`);
    },
    document: (kind, content) => write(kind, content, 2),
    documentLine: (kind, content) => write(kind, content, 0),
    remark: (line) => {
      io.stderr.write(`${redact(line)}\n`);
    },
  };
}

/** How wide a table may be: as the screen, or as it likes in a pipe. */
export function tableWidth(output: Output): { readonly width?: number } {
  return output.terminal.isTTY ? { width: output.terminal.width } : {};
}
