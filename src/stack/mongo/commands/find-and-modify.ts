import { fail } from '../errors.ts';
import { compileQuery, type Query } from '../query/compile.ts';
import { compileProjection } from '../query/projection.ts';
import { sortDocs } from '../query/sort.ts';
import type { Collection } from '../storage/collection.ts';
import type { Stored } from '../storage/stored.ts';
import { compileUpdate } from '../update/update.ts';
import type { Doc } from '../values/value.ts';
import { docArgument, flagArgument, textArgument } from './arguments.ts';
import type { Command, Context } from './command.ts';
import { applyTo, isUpdate, upsert } from './write.ts';

/** Changes or removes one document and gives it back: the product's compare-and-set. */
export const findAndModify: Command = {
  fields: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert'],
  ignored: ['bypassDocumentValidation'],
  run,
};

function run(context: Context, command: Doc): Doc {
  const name = textArgument(
    command,
    'findAndModify' in command ? 'findAndModify' : 'findandmodify',
  );
  const query = compileQuery(docArgument(command, 'query'));
  const project = compileProjection(docArgument(command, 'fields'));
  const collection = context.store.find(context.database, name);
  const stored = collection && firstOf(collection, query, docArgument(command, 'sort'));
  const removes = flagArgument(command, 'remove', false);
  const returnsNew = flagArgument(command, 'new', false);
  const mayInsert = flagArgument(command, 'upsert', false);
  if (removes) {
    if (isUpdate(command.update)) fail(9, 'Cannot specify both an update and remove=true');
    if (returnsNew || mayInsert) fail(9, "Cannot specify remove=true with 'new' or 'upsert'");
    if (stored !== undefined) collection?.remove(stored);
    const value = stored === undefined ? null : project(stored.doc);
    return { lastErrorObject: { n: stored === undefined ? 0 : 1 }, value };
  }
  if (!isUpdate(command.update)) fail(9, 'Either an update or remove=true must be specified');
  const change = compileUpdate(command.update);
  if (stored !== undefined) {
    const before = stored.doc;
    applyTo(collection, stored, change);
    const value = project(returnsNew ? stored.doc : before);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value };
  }
  if (!mayInsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const doc = upsert(context.store.open(context.database, name), query, change);
  return {
    lastErrorObject: { n: 1, updatedExisting: false, upserted: doc._id ?? null },
    value: returnsNew ? project(doc) : null,
  };
}

function firstOf(collection: Collection, query: Query, sort: Doc): Stored | undefined {
  if (Object.keys(sort).length === 0) {
    for (const stored of collection.find(query)) return stored;
    return undefined;
  }
  const places = [...collection.find(query)];
  const [first] = sortDocs(
    places.map((stored) => stored.doc),
    sort,
    1,
  );
  return places.find((stored) => stored.doc === first);
}
