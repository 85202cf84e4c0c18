import { fail } from '../errors.ts';
import { compileQuery } from '../query/compile.ts';
import type { Collection } from '../storage/collection.ts';
import { describeIndex, idIndex, readIndexSpec } from '../storage/index-spec.ts';
import { identical } from '../values/compare.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { countArgument, docArgument, flagArgument, textArgument } from './arguments.ts';
import type { Command, Context } from './command.ts';

/** Commands about collections, indexes and databases. */
export const adminCommands: Readonly<Record<string, Command>> = {
  createIndexes: { fields: ['indexes'], ignored: ['commitQuorum'], run: createIndexes },
  listIndexes: { fields: ['cursor'], run: listIndexes },
  dropIndexes: { fields: ['index'], run: dropIndexes },
  listCollections: {
    fields: ['filter', 'cursor', 'nameOnly'],
    ignored: ['authorizedCollections'],
    run: listCollections,
  },
  create: { fields: [], run: create },
  drop: { fields: [], run: drop },
  dropDatabase: { fields: [], run: dropDatabase },
  listDatabases: {
    fields: ['filter', 'nameOnly'],
    ignored: ['authorizedDatabases'],
    run: listDatabases,
  },
};

function createIndexes(context: Context, command: Doc): Doc {
  const specs = command.indexes;
  if (!Array.isArray(specs) || specs.length === 0) fail(2, 'Must specify at least one index');
  const parsed = specs.map(readIndexSpec);
  const name = textArgument(command, 'createIndexes');
  const created = context.store.find(context.database, name) === undefined;
  const collection = context.store.open(context.database, name);
  const before = collection.indexes.length;
  const added: string[] = [];
  try {
    for (const spec of parsed) if (collection.addIndex(spec)) added.push(spec.name);
  } catch (error) {
    // All of them or none.
    for (const each of added) collection.dropIndex(each);
    throw error;
  }
  return {
    numIndexesBefore: before,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically: created,
    ...(added.length === 0 ? { note: 'all indexes already exist' } : {}),
  };
}

function existing(context: Context, name: string): Collection {
  return (
    context.store.find(context.database, name) ??
    fail(26, `ns does not exist: ${context.database}.${name}`)
  );
}

function listIndexes(context: Context, command: Doc): Doc {
  const name = textArgument(command, 'listIndexes');
  const docs = existing(context, name).indexes.map(describeIndex);
  const batchSize = countArgument(docArgument(command, 'cursor'), 'batchSize');
  return context.cursors.first(`${context.database}.${name}`, docs, batchSize);
}

function dropIndexes(context: Context, command: Doc): Doc {
  const collection = existing(context, textArgument(command, 'dropIndexes'));
  const nIndexesWas = collection.indexes.length;
  for (const name of namesOf(collection, command.index)) {
    if (name === idIndex.name) fail(72, 'cannot drop _id index');
    if (!collection.indexes.some((index) => index.name === name)) {
      fail(27, `index not found with name [${name}]`);
    }
    collection.dropIndex(name);
  }
  return { nIndexesWas };
}

function namesOf(collection: Collection, index: Value | undefined): string[] {
  if (index === '*') {
    return collection.indexes.map(({ name }) => name).filter((name) => name !== idIndex.name);
  }
  if (typeof index === 'string') return [index];
  if (Array.isArray(index)) return index.map((name) => textArgument({ name }, 'name'));
  if (!isDoc(index)) fail(14, "BSON field 'index' must be a name, a list of names or a key");
  const found = collection.indexes.find(({ key }) => identical(key, index));
  return [found?.name ?? fail(27, "can't find index with the given key")];
}

function listCollections(context: Context, command: Doc): Doc {
  const { matches } = compileQuery(docArgument(command, 'filter'));
  const nameOnly = flagArgument(command, 'nameOnly', false);
  const names = [...(context.store.databases.get(context.database)?.keys() ?? [])];
  const docs = names.map(describeCollection).filter(matches);
  const batchSize = countArgument(docArgument(command, 'cursor'), 'batchSize');
  return context.cursors.first(
    `${context.database}.$cmd.listCollections`,
    nameOnly ? docs.map(({ name = null, type = null }) => ({ name, type })) : docs,
    batchSize,
  );
}

function describeCollection(name: string): Doc {
  return {
    name,
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex: describeIndex(idIndex),
  };
}

function create(context: Context, command: Doc): Doc {
  const name = textArgument(command, 'create');
  if (context.store.find(context.database, name) !== undefined) {
    fail(48, `Collection ${context.database}.${name} already exists.`);
  }
  context.store.open(context.database, name);
  return {};
}

/** Dropping what is not there is fine, as in MongoDB since 7.0. */
function drop(context: Context, command: Doc): Doc {
  const name = textArgument(command, 'drop');
  const nIndexesWas = context.store.find(context.database, name)?.indexes.length;
  context.store.drop(context.database, name);
  return nIndexesWas === undefined ? {} : { nIndexesWas, ns: `${context.database}.${name}` };
}

function dropDatabase(context: Context): Doc {
  const dropped = context.store.dropDatabase(context.database);
  return dropped ? { dropped: context.database } : {};
}

function listDatabases(context: Context, command: Doc): Doc {
  const { matches } = compileQuery(docArgument(command, 'filter'));
  const all = [...context.store.databases.keys()].sort().map((name): Doc => ({ name }));
  const databases = all.filter(matches);
  if (flagArgument(command, 'nameOnly', false)) return { databases };
  // Nothing is on a disk; a database exists only while it has a collection.
  return {
    databases: databases.map((each) => ({ ...each, sizeOnDisk: 0, empty: false })),
    totalSize: 0,
  };
}
