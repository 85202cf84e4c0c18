import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Recording } from '../../judge/backtest/backtest.ts';
import { knownOf } from '../../judge/backtest/outcome.ts';
import { watchesIn } from '../../judge/backtest/recorded.ts';
import { parseStream, streamText } from '../../judge/stream.ts';
import { foldJournal } from '../../release/state.ts';
import type { ReleaseStore } from '../../release/store.ts';

/** What was found, and what was passed over, in words. */
export interface Found {
  readonly recordings: readonly Recording[];
  readonly remarks: readonly string[];
}

/** The name by which the looks of step 7 are told from those of the ramp. */
const watchName = 'canary';

async function recordingOf(store: ReleaseStore, id: string): Promise<Recording> {
  const entries = await store.read(id);
  const known = knownOf(foldJournal(id, entries));
  return { id, from: 'release', ...known, watches: watchesIn(entries, watchName) };
}

/**
 * The recorded canaries of these releases, or of all. Of all, a journal that cannot be read is told
 * and passed over; one that was named is an error.
 */
export async function recordedReleases(
  store: ReleaseStore,
  named: readonly string[],
): Promise<Found> {
  const recordings: Recording[] = [];
  const remarks: string[] = [];
  for (const id of named.length > 0 ? named : await store.list()) {
    try {
      const recording = await recordingOf(store, id);
      if (recording.watches.length > 0) recordings.push(recording);
      else if (named.length > 0) remarks.push(`${id}: its journal holds no look at a canary`);
    } catch (error) {
      if (named.length > 0) throw error;
      remarks.push(`${id}: ${messageOf(error)}`);
    }
  }
  return { recordings, remarks };
}

const gunzip = promisify(gunzipWithCallback);
const streamName = /\.jsonl(\.gz)?$/;

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return (path.endsWith('.gz') ? await gunzip(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new AuroraError('STREAM_INVALID', messageOf(cause), { where: path, cause });
  }
}

/** The stream files of a directory: every `.jsonl` in it, compressed or not. STREAM_INVALID. */
export async function recordedStreams(directory: string): Promise<readonly Recording[]> {
  const names = await readdir(directory).catch((cause) => {
    throw new AuroraError('STREAM_INVALID', messageOf(cause), { where: directory, cause });
  });
  const files = names.filter((name) => streamName.test(name)).sort();
  if (files.length === 0) {
    throw new AuroraError('STREAM_INVALID', 'there is no .jsonl file in it', { where: directory });
  }
  return Promise.all(
    files.map(async (name) => {
      const path = join(directory, name);
      const { rules, of, truth, readings } = parseStream(await readText(path), path);
      const id = name.replace(streamName, '');
      return { id, from: 'stream', outcome: of, truth, watches: [{ rules, readings }] } as const;
    }),
  );
}

/** Writes each watch as a stream file of its own; the paths. */
export async function exportStreams(
  directory: string,
  recordings: readonly Recording[],
): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  const written: string[] = [];
  for (const { id, outcome, truth, watches } of recordings) {
    for (const [index, watch] of watches.entries()) {
      const nth = watches.length === 1 ? '' : `-${index + 1}`;
      const path = join(directory, `${id}${nth}.jsonl`);
      await writeFile(path, streamText({ ...watch, truth, of: `${id}: ${outcome}` }));
      written.push(path);
    }
  }
  return written;
}
