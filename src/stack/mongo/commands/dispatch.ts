import { fail, refuse } from '../errors.ts';
import { asNumber } from '../values/numbers.ts';
import { own } from '../values/own.ts';
import { type Doc, isDoc, isNumber } from '../values/value.ts';
import { adminCommands } from './admin.ts';
import type { Command, Context } from './command.ts';
import { findAndModify } from './find-and-modify.ts';
import { readCommands } from './read.ts';
import { sessionCommands } from './session.ts';
import { writeCommands } from './write.ts';

/** Every command that is allowed. */
export const commands: Readonly<Record<string, Command>> = {
  ...sessionCommands,
  ...readCommands,
  ...writeCommands,
  findAndModify,
  findandmodify: findAndModify,
  ...adminCommands,
};

/** Fields that any command may carry and that mean nothing on one server in memory. */
const commonFields = new Set([
  '$db',
  'lsid',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
]);

/** Runs a command; throws `ServerError` for everything outside the allow-list. */
export function dispatch(context: Context, command: Doc): Doc {
  const [name] = Object.keys(command);
  const known = name === undefined ? undefined : own(commands, name);
  if (known === undefined || name === undefined) fail(59, `no such command: '${name}'`);
  if ('txnNumber' in command || 'startTransaction' in command || 'autocommit' in command) {
    fail(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  for (const field of Object.keys(command)) {
    const allowed =
      field === name ||
      commonFields.has(field) ||
      known.fields.includes(field) ||
      known.ignored?.includes(field);
    if (!allowed) {
      fail(40415, `BSON field '${name}.${field}' is an unknown field for the embedded database`);
    }
  }
  checkConcerns(command);
  return known.run(context, command);
}

function checkConcerns(command: Doc): void {
  const { readConcern, writeConcern } = command;
  if (isDoc(readConcern)) {
    const { level = 'local', ...others } = readConcern;
    if (!['local', 'available', 'majority'].includes(String(level))) {
      refuse(`the read concern '${String(level)}'`);
    }
    if (Object.keys(others).length > 0) refuse(`the read concern's ${Object.keys(others).join()}`);
  }
  const w = isDoc(writeConcern) ? writeConcern.w : undefined;
  if (isNumber(w) && asNumber(w) > 1) {
    fail(2, "cannot use 'w' > 1 when a host is not replicated");
  }
}
