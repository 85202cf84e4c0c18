import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, isoTime } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import { sha256 } from '../../proof/digest.ts';
import { awaitChange } from '../await-change.ts';
import type { JournalEntry } from '../events.ts';
import { type InboxNote, noteText, parseNote } from '../inbox.ts';
import { emptyHead } from '../journal.ts';
import { LastSeen } from '../last-seen.ts';
import type { JournalText, JournalWriter, ReleaseStore } from '../store.ts';
import { JournalLines } from './journal-lines.ts';
import { MongoJournal } from './mongo-journal.ts';
import { durably, isDuplicate, type Owned, type StateDatabase } from './state-database.ts';

interface ReleaseDocument extends Owned {
  readonly _id: string;
  readonly actor: string;
  readonly at: string;
}

interface NoteDocument {
  /** In the order of their arrival by the clock of whoever left them. */
  readonly _id: { readonly release: string; readonly at: number; readonly random: string };
  readonly text: string;
}

interface TextDocument {
  readonly _id: { readonly release: string; readonly name: string };
  readonly text: string;
  readonly sha256: string;
  readonly at: string;
}

/** Nothing tells of a change: the database is asked this often. */
const lookEveryMs = 500;

/**
 * Releases in MongoDB: `releases`, `journal`, `inbox` and `documents` of one database. Every write is
 * one insert under a unique key; there are no transactions and no locks.
 */
export class MongoStore implements ReleaseStore {
  readonly #lines: JournalLines;
  readonly #seen = new LastSeen();

  constructor(
    private readonly database: StateDatabase,
    private readonly clock: Clock,
    /** Writes the copy of a document for people on this machine and returns its path. */
    private readonly copy: Pick<ReleaseStore, 'writeDocument'>,
  ) {
    this.#lines = new JournalLines(database);
  }

  list(): Promise<readonly string[]> {
    const find = async () => {
      const all = this.#releases().find({}, { projection: { _id: 1 }, sort: { _id: 1 } });
      return (await all.toArray()).map(({ _id }) => _id);
    };
    return this.database.call('listing releases', find, { patient: false });
  }

  exists(release: string): Promise<boolean> {
    const find = async () =>
      (await this.#releases().findOne({ _id: release }, { projection: { _id: 1 } })) !== null;
    return this.database.call('looking for the release', find, { patient: false });
  }

  async read(release: string): Promise<readonly JournalEntry[]> {
    return (await this.#read(release)).entries;
  }

  async create(release: string, actor: string): Promise<JournalWriter> {
    const about = { _id: release, actor, at: isoTime(this.clock.now()), writer: randomUUID() };
    const releases = this.database.collection<Owned>('releases');
    const how = { durable: true, patient: false };
    if (!(await this.database.insertOnce('creating the journal', releases, about, how))) {
      throw new AuroraError('STORE_FAILED', `creating the journal failed: ${release} exists`, {
        where: this.#lines.where(release),
      });
    }
    const start = { entries: [], head: emptyHead, wholeBytes: 0 };
    return this.#writer(release, actor, start, false);
  }

  async open(
    release: string,
    actor: string,
    options: { readonly overtakes?: boolean } = {},
  ): Promise<JournalWriter> {
    return this.#writer(release, actor, await this.#read(release), options.overtakes === true);
  }

  async writeDocument(release: string, name: string, text: string): Promise<string> {
    const path = await this.copy.writeDocument(release, name, text);
    const document = { text, sha256: sha256(text), at: isoTime(this.clock.now()) };
    const documents = this.database.collection<TextDocument>('documents');
    await this.database.call(`writing ${name}`, async () => {
      const filter = { _id: { release, name } };
      await documents.replaceOne(filter, document, { ...durably, upsert: true });
    });
    return path;
  }

  async offer(note: InboxNote): Promise<void> {
    const random = randomBytes(4).toString('hex');
    const _id = { release: note.release, at: this.clock.now(), random };
    await this.database.call('leaving the note', async () => {
      try {
        await this.#notes().insertOne({ _id, text: noteText(note) }, durably);
      } catch (error) {
        // The key is random: one that is there is our own, whose answer was lost.
        if (!isDuplicate(error)) throw error;
      }
    });
  }

  async inbox(release: string): Promise<readonly InboxNote[]> {
    const texts = await this.database.call('reading the inbox', async () => {
      const all = this.#notes().find({ _id: notesOf(release) }, { sort: { _id: 1 } });
      return (await all.toArray()).map(({ text }) => String(text));
    });
    this.#seen.inbox(release, String(texts.length));
    return texts.flatMap((text) => parseNote(text) ?? []);
  }

  async changed(release: string, signal: AbortSignal, withinMs: number): Promise<void> {
    const countNotes = () => this.#notes().countDocuments({ _id: notesOf(release) });
    await awaitChange({
      directories: [],
      hasChanged: () =>
        this.#seen.differs(release, {
          journal: async () => String(await this.#lines.lastSeq(release)),
          inbox: async () => String(await this.database.call('reading the inbox', countNotes)),
        }),
      lookEveryMs,
      withinMs,
      clock: this.clock,
      signal,
    });
  }

  async text(release: string): Promise<JournalText> {
    const [text, exists] = await Promise.all([this.#lines.text(release), this.exists(release)]);
    if (exists) return { text, where: this.#lines.where(release) };
    throw new AuroraError('RELEASE_UNKNOWN', `no release ${release}`, {
      where: this.database.address,
    });
  }

  async #read(release: string) {
    const [read, exists] = await Promise.all([this.#lines.read(release), this.exists(release)]);
    if (!exists) {
      throw new AuroraError('RELEASE_UNKNOWN', `no release ${release}`, {
        where: this.database.address,
      });
    }
    this.#seen.journal(release, String(read.head.seq));
    return read;
  }

  #writer(
    release: string,
    actor: string,
    start: Awaited<ReturnType<JournalLines['read']>>,
    overtakes: boolean,
  ): JournalWriter {
    const where = this.#lines.where(release);
    const about = { release, where, actor, clock: this.clock, start, overtakes };
    return new MongoJournal(about, this.#lines);
  }

  #releases() {
    return this.database.collection<ReleaseDocument>('releases');
  }

  #notes() {
    return this.database.collection<NoteDocument>('inbox');
  }
}

/** All keys of one release's notes. */
function notesOf(release: string) {
  const from = { release, at: 0, random: '' };
  return { $gt: from, $lt: { ...from, at: Number.MAX_SAFE_INTEGER } };
}
