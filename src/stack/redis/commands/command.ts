import type { Keyspace } from '../keyspace.ts';
import type { Protocol, Reply } from '../reply.ts';

/** What belongs to one connection. */
export interface Session {
  readonly id: number;
  protocol: Protocol;
  authenticated: boolean;
  name: string;
  /** Set by QUIT: the reply is the last one. */
  closing: boolean;
}

/** What a command may use. */
export interface CommandContext {
  readonly keys: Keyspace;
  readonly session: Session;
  readonly now: () => number;
  /** Undefined: clients need not log in. */
  readonly password: string | undefined;
  /** Connections that are open now. */
  readonly clients: () => number;
}

/** One command of the server. */
export interface Command {
  /** Number of words with the name, as Redis counts: negative means "at least". */
  readonly arity: number;
  /** May be used before AUTH. */
  readonly open?: boolean;
  run(words: readonly Buffer[], context: CommandContext): Reply;
}

/** A command's failure, as the text of its error reply. */
export class CommandError extends Error {}

export const syntaxError = () => new CommandError('ERR syntax error');

/** A key, or any other word, as a latin1 string; an absent one is a syntax error. */
export function word(words: readonly Buffer[], at: number): string {
  const bytes = words[at];
  if (bytes === undefined) throw syntaxError();
  return bytes.toString('latin1');
}

/** A word as a whole number that is exact in JavaScript. */
export function wholeNumber(text: string): number {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new CommandError('ERR value is not an integer or out of range');
  }
  return value;
}
