import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { FileLeaseStore } from '../../src/release/file-lease-store.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { LeaseStore } from '../../src/release/lease-store.ts';
import type { ReleaseStore } from '../../src/release/store.ts';

/** An empty store of one kind, for one test. */
export interface OpenedStore {
  readonly store: ReleaseStore;
  readonly leases: LeaseStore;
  /** Where copies for people are. */
  readonly directory: string;
  end(): Promise<void>;
}

async function openFiles(clock: Clock): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-store-'));
  return {
    directory,
    store: new FileStore(directory, clock),
    leases: new FileLeaseStore(directory),
    end: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Every kind of store: what one does, all do. */
export const stores: readonly {
  readonly name: string;
  open(clock: Clock): Promise<OpenedStore>;
}[] = [{ name: 'files', open: openFiles }];
