import { calculateObjectSize, ObjectId } from 'bson';
import { fail, ServerError } from '../errors.ts';
import { compileQuery, type Query } from '../query/compile.ts';
import type { Collection } from '../storage/collection.ts';
import type { Stored } from '../storage/stored.ts';
import { compileUpdate, type Update } from '../update/update.ts';
import { assertStorable } from '../values/decode.ts';
import { wholeNumber } from '../values/numbers.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { docArgument, docsArgument, flagArgument, textArgument } from './arguments.ts';
import type { Command, Context } from './command.ts';
import { maxDocumentBytes } from './session.ts';

/** Commands that write documents. `findAndModify` has a file of its own. */
export const writeCommands: Readonly<Record<string, Command>> = {
  insert: {
    fields: ['documents', 'ordered'],
    ignored: ['bypassDocumentValidation'],
    run: insert,
  },
  update: {
    fields: ['updates', 'ordered'],
    ignored: ['bypassDocumentValidation'],
    run: update,
  },
  delete: { fields: ['deletes', 'ordered'], run: remove },
};

const updateFields = ['q', 'u', 'multi', 'upsert'];
const deleteFields = ['q', 'limit'];

function insert(context: Context, command: Doc): Doc {
  const collection = context.store.open(context.database, textArgument(command, 'insert'));
  const long = context.messageBytes > maxDocumentBytes;
  let n = 0;
  const writeErrors = eachOf(docsArgument(command, 'documents'), command, (doc) => {
    assertStorable(doc);
    if (long) assertSize(doc);
    collection.insert(doc);
    n += 1;
  });
  return { n, ...writeErrors };
}

function update(context: Context, command: Doc): Doc {
  const name = textArgument(command, 'update');
  const total = { n: 0, nModified: 0 };
  const upserted: Value[] = [];
  const writeErrors = eachOf(docsArgument(command, 'updates'), command, (entry, index) => {
    onlyFields(entry, updateFields, 'update');
    const query = compileQuery(docArgument(entry, 'q'));
    const change = compileUpdate(entry.u);
    const multi = flagArgument(entry, 'multi', false);
    if (multi && change.replaces)
      fail(9, 'multi update is not supported for replacement-style update');
    const places = matching(context.store.find(context.database, name), query, multi);
    for (const stored of places.items) {
      total.n += 1;
      if (applyTo(places.collection, stored, change)) total.nModified += 1;
    }
    if (places.items.length > 0 || !flagArgument(entry, 'upsert', false)) return;
    const doc = upsert(context.store.open(context.database, name), query, change);
    total.n += 1;
    upserted.push({ index, _id: doc._id ?? null });
  });
  return { ...total, ...(upserted.length === 0 ? {} : { upserted }), ...writeErrors };
}

function remove(context: Context, command: Doc): Doc {
  const collection = context.store.find(context.database, textArgument(command, 'delete'));
  let n = 0;
  const writeErrors = eachOf(docsArgument(command, 'deletes'), command, (entry) => {
    onlyFields(entry, deleteFields, 'delete');
    const query = compileQuery(docArgument(entry, 'q'));
    const limit = wholeNumber(entry.limit, 'limit');
    if (limit !== 0 && limit !== 1) fail(9, 'The limit field in delete objects must be 0 or 1');
    const places = matching(collection, query, limit === 0);
    for (const stored of places.items) {
      places.collection?.remove(stored);
      n += 1;
    }
  });
  return { n, ...writeErrors };
}

/** The places to change, taken before any is changed. */
function matching(
  collection: Collection | undefined,
  query: Query,
  multi: boolean,
): { collection: Collection | undefined; items: Stored[] } {
  const items: Stored[] = [];
  for (const stored of collection?.find(query) ?? []) {
    items.push(stored);
    if (!multi) break;
  }
  return { collection, items };
}

/** Applies an update to one place; whether anything changed. */
export function applyTo(
  collection: Collection | undefined,
  stored: Stored,
  change: Update,
): boolean {
  const next = change.apply(stored.doc);
  if (next === stored.doc) return false;
  assertSize(next);
  collection?.replace(stored, next);
  return true;
}

/** Inserts what an upsert makes of its filter and its update. */
export function upsert(collection: Collection, query: Query, change: Update): Doc {
  const made = change.insertion(query);
  assertStorable(made);
  const doc = made._id === undefined ? { _id: new ObjectId(), ...made } : made;
  return collection.insert(doc);
}

function assertSize(doc: Doc): void {
  const size = calculateObjectSize(doc);
  if (size > maxDocumentBytes) {
    fail(10334, `BSONObj size: ${size} is invalid. Size must be between 0 and 16793600(16MB)`);
  }
}

function onlyFields(entry: Doc, fields: readonly string[], command: string): void {
  for (const name of Object.keys(entry)) {
    if (!fields.includes(name)) {
      fail(40415, `BSON field '${command}.${name}' is an unknown field for the embedded database`);
    }
  }
}

/** Runs each entry; an ordered batch ends at its first error. Gives `writeErrors` if there are any. */
function eachOf(entries: readonly Doc[], command: Doc, run: (entry: Doc, i: number) => void): Doc {
  const ordered = flagArgument(command, 'ordered', true);
  const writeErrors: Value[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      run(entry, index);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

/** Whether a value is an update or replacement at all; used where an update may be left out. */
export function isUpdate(value: Value | undefined): boolean {
  return isDoc(value) || Array.isArray(value);
}
