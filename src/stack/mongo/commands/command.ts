import type { Cursors } from '../cursors.ts';
import type { Store } from '../storage/store.ts';
import type { Doc } from '../values/value.ts';

/** What a command works on. */
export interface Context {
  readonly store: Store;
  readonly cursors: Cursors;
  /** `$db` of the message. */
  readonly database: string;
  readonly connectionId: number;
  /** Length of the whole message: only a long one can hold a document that is too big. */
  readonly messageBytes: number;
  readonly server: ServerFacts;
}

/** What the server tells about itself. */
export interface ServerFacts {
  readonly startedAt: number;
  now(): number;
  connections(): number;
}

/** One command: the fields it understands, and what it does. */
export interface Command {
  /** Fields that are honoured besides the command's own name; others are refused. */
  readonly fields: readonly string[];
  /** Fields that change nothing here, such as hints for a disk. */
  readonly ignored?: readonly string[];
  run(context: Context, command: Doc): Doc;
}
