import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { withLockFile } from '../../../src/base/lock-file.ts';
import type { JournalEntry } from '../../../src/release/events.ts';
import type { JournalWriter, ReleaseStore } from '../../../src/release/store.ts';
import { withMembers } from '../with-members.ts';

/**
 * Where in a write the process is killed: before anything of the line is on disk, with half of it
 * there and the journal's lock held, or once it is synced and before the caller goes on.
 */
export type Moment = 'before' | 'torn' | 'after';

/** Which write of this process is its last. The first is 1. */
export interface Kill {
  readonly write: number;
  readonly moment: Moment;
}

/** Ends this process as `kill -9` does; what was awaited never comes. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function writeAndDie(
  path: string,
  moment: Moment,
  write: () => Promise<JournalEntry>,
): Promise<JournalEntry> {
  if (moment === 'before') return die();
  const size = statSync(path).size;
  await write();
  if (moment === 'after') return die();
  truncateSync(path, size + Math.ceil((statSync(path).size - size) / 2));
  return withLockFile(`${path}.lock`, systemClock, die);
}

/** A store whose journal kills the process at one of its writes. */
export function killingStore(
  store: ReleaseStore,
  stateDirectory: string,
  kill: Kill,
): ReleaseStore {
  let writes = 0;
  const wrap = (writer: JournalWriter): JournalWriter => {
    const path = join(stateDirectory, 'releases', writer.release, 'journal.jsonl');
    const guarded = (write: () => Promise<JournalEntry>) => {
      writes += 1;
      return writes === kill.write ? writeAndDie(path, kill.moment, write) : write();
    };
    return withMembers(writer, {
      append: (...words) => guarded(() => writer.append(...words)),
      note: (...words) => guarded(() => writer.note(...words)),
    });
  };
  return withMembers(store, {
    create: async (...words) => wrap(await store.create(...words)),
    open: async (...words) => wrap(await store.open(...words)),
  });
}
