import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AuroraError, hasCode, hasErrno, messageOf } from '../base/errors.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { sha256 } from '../proof/digest.ts';
import { namedDocuments, type VerifyInput } from '../release/verify.ts';
import { type Approvers, readApprovers } from '../services/signing/approvers-file.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';
import { latestRelease } from './latest.ts';
import { openState } from './open-state.ts';
import { openConfig } from './opening.ts';

/** Options of `verify`. */
export interface VerifyOptions extends GlobalOptions {
  /** An approvers file other than the configured one. */
  readonly approvers?: string;
}

/** A journal that was found, with where its documents lie. */
interface Found {
  readonly text: string;
  readonly where: string;
  readonly release: string | null;
  readonly directory: string;
  readonly withDocuments: boolean;
}

const journalName = 'journal.jsonl';

/** A file or directory of this name; null when there is none, and a release may be meant. */
async function findPath(io: Io, asked: string): Promise<Found | null> {
  const path = resolve(io.workingDirectory, asked);
  try {
    const isDirectory = (await stat(path)).isDirectory();
    const file = isDirectory ? join(path, journalName) : path;
    const text = await readFile(file, 'utf8');
    // A journal that was copied alone is verified alone.
    const directory = dirname(file);
    return { text, where: file, release: null, directory, withDocuments: isDirectory };
  } catch (error) {
    if (hasErrno(error, 'ENOENT') || hasErrno(error, 'ENOTDIR')) return null;
    const why = `it cannot be read: ${messageOf(error)}`;
    throw new AuroraError('JOURNAL_BROKEN', why, { where: path, cause: error });
  }
}

/** A release of the configured store; the newest one when none is named. RELEASE_UNKNOWN. */
async function findRelease(
  io: Io,
  loaded: LoadedConfig,
  asked: string | undefined,
): Promise<Found> {
  const { store, close } = openState(loaded, io.variables);
  try {
    const release = asked ?? (await latestRelease(store));
    const directory = join(loaded.stateDirectory, 'releases', release);
    // With a database the files are copies, which another machine does not have.
    const withDocuments = loaded.config.store.kind === 'files';
    return { ...(await store.text(release)), release, directory, withDocuments };
  } finally {
    await close();
  }
}

/** The configuration, or null where there is none: a path needs no configuration. */
async function configAtHand(io: Io, options: GlobalOptions): Promise<LoadedConfig | null> {
  return openConfig(io, options).catch((error: unknown) => {
    if (hasCode(error, 'CONFIG_MISSING') && options.config === undefined) return null;
    throw error;
  });
}

/** Who may approve; null when nobody says. APPROVERS_INVALID for a named file that is not there. */
async function findApprovers(
  io: Io,
  { approvers }: VerifyOptions,
  loaded: LoadedConfig | null,
): Promise<Approvers | null> {
  const path =
    approvers === undefined ? loaded?.approvers : resolve(io.workingDirectory, approvers);
  if (path === undefined) return null;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return readApprovers(path);
  if (approvers === undefined) return null;
  throw new AuroraError('APPROVERS_INVALID', 'there is no such file', { where: path });
}

async function digestOf(path: string): Promise<string | null> {
  return readFile(path).then(sha256, () => null);
}

async function find(
  io: Io,
  asked: string | undefined,
  options: VerifyOptions,
): Promise<{ readonly found: Found; readonly loaded: LoadedConfig | null }> {
  const path = asked === undefined ? null : await findPath(io, asked);
  if (path !== null) return { found: path, loaded: await configAtHand(io, options) };
  const loaded = await openConfig(io, options);
  return { found: await findRelease(io, loaded, asked), loaded };
}

/** What is to be verified, read from where it lies. */
export async function readTarget(
  io: Io,
  asked: string | undefined,
  options: VerifyOptions,
): Promise<VerifyInput> {
  const { found, loaded } = await find(io, asked, options);
  const { text, where, release, directory, withDocuments } = found;
  const names = namedDocuments(text);
  const digests = await Promise.all(names.map((name) => digestOf(join(directory, name))));
  return {
    ...{ text, where, release, withDocuments },
    approvers: await findApprovers(io, options, loaded),
    documents: new Map(names.map((name, index) => [name, digests[index] ?? null])),
  };
}
