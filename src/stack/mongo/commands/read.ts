import { Long } from 'bson';
import { compilePipeline } from '../aggregate/pipeline.ts';
import { fail, refuse } from '../errors.ts';
import { compileQuery } from '../query/compile.ts';
import { compileProjection } from '../query/projection.ts';
import { sortDocs } from '../query/sort.ts';
import { type Key, keyOf } from '../values/key.ts';
import { leaves, parsePath } from '../values/path.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { countArgument, cursorId, docArgument, flagArgument, textArgument } from './arguments.ts';
import type { Command, Context } from './command.ts';

/** Commands that only read. */
export const readCommands: Readonly<Record<string, Command>> = {
  find: {
    fields: ['filter', 'sort', 'projection', 'skip', 'limit', 'batchSize', 'singleBatch'],
    ignored: ['noCursorTimeout', 'allowDiskUse'],
    run: find,
  },
  getMore: { fields: ['collection', 'batchSize'], run: getMore },
  killCursors: { fields: ['cursors'], run: killCursors },
  count: { fields: ['query', 'limit', 'skip'], run: count },
  distinct: { fields: ['key', 'query'], run: distinct },
  aggregate: {
    fields: ['pipeline', 'cursor'],
    ignored: ['allowDiskUse', 'bypassDocumentValidation'],
    run: aggregate,
  },
};

function find(context: Context, command: Doc): Doc {
  const name = textArgument(command, 'find');
  const query = compileQuery(docArgument(command, 'filter'));
  const project = compileProjection(docArgument(command, 'projection'));
  const sort = docArgument(command, 'sort');
  const skip = countArgument(command, 'skip') ?? 0;
  const limit = countArgument(command, 'limit') || Number.POSITIVE_INFINITY;
  const collection = context.store.find(context.database, name);
  const sorted = Object.keys(sort).length > 0;
  const found = collection?.docs(query, sorted ? Number.POSITIVE_INFINITY : skip + limit) ?? [];
  const docs = (sorted ? sortDocs(found, sort, skip + limit) : found).slice(skip).map(project);
  return context.cursors.first(
    `${context.database}.${name}`,
    docs,
    countArgument(command, 'batchSize'),
    flagArgument(command, 'singleBatch', false),
  );
}

function getMore(context: Context, command: Doc): Doc {
  const namespace = `${context.database}.${textArgument(command, 'collection')}`;
  // Here a batch size of 0 means the default, unlike in `find`.
  const batchSize = countArgument(command, 'batchSize') || undefined;
  return context.cursors.next(cursorId(command.getMore), namespace, batchSize);
}

function killCursors(context: Context, command: Doc): Doc {
  const ids = command.cursors;
  if (!Array.isArray(ids)) fail(14, "BSON field 'cursors' must be an array");
  const killed = ids.filter((id) => context.cursors.kill(cursorId(id)));
  const cursorsNotFound = ids.filter((id) => !killed.includes(id));
  return {
    cursorsKilled: killed.map((id) => Long.fromBigInt(cursorId(id))),
    cursorsNotFound,
    cursorsAlive: [],
    cursorsUnknown: [],
  };
}

function count(context: Context, command: Doc): Doc {
  const query = compileQuery(docArgument(command, 'query'));
  const limit = countArgument(command, 'limit') || Number.POSITIVE_INFINITY;
  const skip = countArgument(command, 'skip') ?? 0;
  const collection = context.store.find(context.database, textArgument(command, 'count'));
  const n = collection?.count(query) ?? 0;
  return { n: Math.min(Math.max(n - skip, 0), limit) };
}

function distinct(context: Context, command: Doc): Doc {
  const path = parsePath(textArgument(command, 'key'));
  const query = compileQuery(docArgument(command, 'query'));
  const collection = context.store.find(context.database, textArgument(command, 'distinct'));
  const values = new Map<Key, Value>();
  for (const doc of collection?.docs(query) ?? []) {
    for (const value of leaves(doc, path).flat()) {
      if (value !== undefined && !values.has(keyOf(value))) values.set(keyOf(value), value);
    }
  }
  return { values: [...values.values()] };
}

function aggregate(context: Context, command: Doc): Doc {
  const pipeline = command.pipeline;
  if (!Array.isArray(pipeline)) fail(14, "BSON field 'pipeline' must be an array");
  if (!isDoc(command.cursor)) fail(9, "The 'cursor' option is required");
  const stages = compilePipeline(pipeline);
  if (command.aggregate === 1) refuse('an aggregation of a whole database');
  const name = textArgument(command, 'aggregate');
  const collection = context.store.find(context.database, name);
  const [first] = pipeline;
  const match = isDoc(first) ? first.$match : undefined;
  // A leading $match is answered by the collection, which knows the indexes.
  const start = compileQuery(isDoc(match) ? match : {});
  let docs: readonly Doc[] = collection?.docs(start) ?? [];
  for (const stage of isDoc(match) ? stages.slice(1) : stages) docs = stage(docs);
  const batchSize = countArgument(command.cursor, 'batchSize');
  return context.cursors.first(`${context.database}.${name}`, docs, batchSize);
}
