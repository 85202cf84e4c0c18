import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Clock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { FileLeaseStore } from '../../src/release/file-lease-store.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { LeaseStore } from '../../src/release/lease-store.ts';
import { openMongoState } from '../../src/release/mongo/open.ts';
import type { ReleaseStore } from '../../src/release/store.ts';
import type { RunningPart } from '../../src/stack/child.ts';
import { start } from '../../src/stack/mongo/start.ts';

/** An empty store of one kind, for one test. */
export interface OpenedStore {
  readonly store: ReleaseStore;
  readonly leases: LeaseStore;
  /** Where files, or copies for people, are. */
  readonly directory: string;
  /** Puts another text in the place of a journal's line, as no program of ours would. */
  rewrite(release: string, seq: number, line: string): Promise<void>;
  /** Takes a journal's line out. */
  remove(release: string, seq: number): Promise<void>;
  /** Leaves something in the inbox that is no note. */
  litter(release: string): Promise<void>;
  /** A second one over the same data, as another process opens it. */
  another(clock: Clock): { readonly store: ReleaseStore; readonly leases: LeaseStore };
  end(): Promise<void>;
}

async function openFiles(clock: Clock): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-store-'));
  const journal = (release: string) => join(directory, 'releases', release, 'journal.jsonl');
  const change = async (release: string, by: (lines: string[]) => void) => {
    const lines = (await readFile(journal(release), 'utf8')).trimEnd().split('\n');
    by(lines);
    await writeFile(journal(release), `${lines.join('\n')}\n`);
  };
  const open = (by: Clock) => ({
    store: new FileStore(directory, by),
    leases: new FileLeaseStore(directory),
  });
  return {
    ...open(clock),
    directory,
    rewrite: (release, seq, line) => change(release, (lines) => lines.splice(seq - 1, 1, line)),
    remove: (release, seq) => change(release, (lines) => lines.splice(seq - 1, 1)),
    litter: async (release) => {
      const inbox = join(directory, 'releases', release, 'inbox');
      await mkdir(inbox, { recursive: true });
      await writeFile(join(inbox, '000000000000001-junk.json'), '{"v":2');
    },
    another: open,
    end: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A real server, when there is one to test with; else the embedded one, started once. */
const realUri = process.env.AURORA_TEST_MONGODB_URI;
let embedded: Promise<RunningPart> | undefined;

/** The address of a MongoDB for tests. */
export async function mongodbUri(): Promise<string> {
  if (realUri !== undefined) return realUri;
  embedded ??= start({ port: 0 });
  return (await embedded).endpoints.mongodb ?? '';
}

/** Ends the embedded server, if there is one. */
export async function endMongodb(): Promise<void> {
  const running = embedded;
  embedded = undefined;
  await (await running)?.close();
}

async function openMongodb(clock: Clock): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-store-'));
  const uri = new Secret(await mongodbUri(), 'test');
  const name = `aurora_test_${randomBytes(6).toString('hex')}`;
  const opened: { close(): Promise<void> }[] = [];
  const open = (by: Clock) => {
    const state = openMongoState({ uri, database: name, stateDirectory: directory }, by);
    opened.push(state);
    return state;
  };
  const client = new MongoClient(uri.reveal(), { retryWrites: false });
  const database = client.db(name);
  const journal = database.collection<{ _id: { release: string; seq: number } }>('journal');
  return {
    ...open(clock),
    directory,
    rewrite: async (release, seq, line) => {
      await journal.updateOne({ _id: { release, seq } }, { $set: { line } });
    },
    remove: async (release, seq) => {
      await journal.deleteOne({ _id: { release, seq } });
    },
    litter: async (release) => {
      const _id = { release, at: 1, random: 'junk' };
      await database.collection<{ _id: object }>('inbox').insertOne({ _id });
    },
    another: open,
    end: async () => {
      await database.dropDatabase();
      await Promise.all([client.close(), ...opened.map((state) => state.close())]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Every kind of store: what one does, all do. */
export const stores: readonly {
  readonly name: string;
  open(clock: Clock): Promise<OpenedStore>;
}[] = [
  { name: 'files', open: openFiles },
  { name: 'MongoDB', open: openMongodb },
];
