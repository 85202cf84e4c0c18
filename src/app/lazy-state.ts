import { Lazy } from '../config/lazy.ts';
import type { LeaseStore } from '../release/lease-store.ts';
import type { ReleaseStore } from '../release/store.ts';

/** Releases and leases in one place that has to be closed. */
export interface OpenState {
  readonly store: ReleaseStore;
  readonly leases: LeaseStore;
  close(): Promise<void>;
}

/** A state that is opened when something of it is first asked for. */
export function lazyState(open: () => Promise<OpenState>): OpenState {
  const lazy = new Lazy(open);
  const store = async () => (await lazy.get()).store;
  const leases = async () => (await lazy.get()).leases;
  let where: LeaseStore['where'] = (environment) => `the lease of ${environment}`;
  return {
    store: {
      list: async () => (await store()).list(),
      exists: async (release) => (await store()).exists(release),
      read: async (release) => (await store()).read(release),
      text: async (release) => (await store()).text(release),
      create: async (release, actor) => (await store()).create(release, actor),
      open: async (release, actor, options) => (await store()).open(release, actor, options),
      writeDocument: async (release, name, text) =>
        (await store()).writeDocument(release, name, text),
      offer: async (note) => (await store()).offer(note),
      inbox: async (release) => (await store()).inbox(release),
      changed: async (release, signal, withinMs) =>
        (await store()).changed(release, signal, withinMs),
    },
    leases: {
      read: async (environment) => {
        const opened = await leases();
        where = (one) => opened.where(one);
        return opened.read(environment);
      },
      holds: async (environment, fence) => (await leases()).holds(environment, fence),
      replace: async (from, to) => (await leases()).replace(from, to),
      where: (environment) => where(environment),
    },
    close: async () => (await lazy.peek())?.close(),
  };
}
