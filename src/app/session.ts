import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import { type Keeper, noKeeper } from '../base/keeper.ts';
import { resolveEnv } from '../config/env-file.ts';
import { connectMap, environmentViews } from '../config/environment-view.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { openServices } from '../config/open-services.ts';
import { planDigest } from '../plan/load-plan.ts';
import type { Engine } from '../release/engine.ts';
import type { EntryListener } from '../release/release-log.ts';
import { createDocuments } from '../report/documents.ts';
import { actorName } from './actor.ts';
import { openBuildStore } from './build-store.ts';
import type { RunOptions } from './globals.ts';
import type { Io } from './io.ts';
import { openState } from './open-state.ts';
import { openConfig, openPlan } from './opening.ts';
import { terminalOf } from './output.ts';
import { ownSignals } from './signals.ts';

/** An engine with what it came from; `close` is called however the verb ends. */
export interface Session {
  readonly loaded: LoadedConfig;
  readonly engine: Engine;
  close(): Promise<void>;
}

function checkTimeScale(loaded: LoadedConfig, timeScale: number): void {
  if (timeScale === 1 || loaded.config.rehearsal) return;
  throw new AuroraError('TIME_SCALE_REFUSED', `--time-scale ${timeScale} in a real configuration`, {
    where: loaded.path,
  });
}

/** Who may approve and with what is signed here: read when it is asked for, not before. */
function signing(io: Io, { key }: RunOptions, { approvers }: LoadedConfig, signal: AbortSignal) {
  const { variables, workingDirectory } = io;
  const named = key === undefined ? {} : { path: resolve(workingDirectory, key) };
  return {
    approvers: async () =>
      (await import('../services/signing/approvers-file.ts')).readApprovers(approvers),
    signer: async () => {
      const { openSigner } = await import('../services/signing/signing.ts');
      return openSigner({ ...named, variables, home: variables.HOME ?? homedir() }, signal);
    },
  };
}

/**
 * Puts the rooms together for one verb. Reads and validates configuration and plan; opens no
 * service yet: each is reached when it is first used. Only a dry run may give a keeper.
 */
export async function openSession(
  io: Io,
  options: RunOptions,
  onEntry: (engine: Pick<Engine, 'plan'>) => EntryListener = () => () => undefined,
  keeper: Keeper = noKeeper,
): Promise<Session> {
  const loaded = await openConfig(io, options, keeper);
  const timeScale = options.timeScale ?? 1;
  checkTimeScale(loaded, timeScale);
  const { plan, origins } = await openPlan(loaded.checklists, keeper);
  const connect = connectMap(loaded);
  const services = openServices(loaded, io.variables);
  const environments = environmentViews(loaded, origins, services.dispatcher, services.resolve);
  const { signal, dispose } = ownSignals((name) => {
    io.stderr.write(
      `\n${name}: finishing the journal entry and giving back the lease; again to end at once\n`,
    );
  });
  const state = openState(loaded, io.variables);
  const engine: Engine = {
    project: loaded.config.project,
    plan,
    store: state.store,
    leases: state.leases,
    builds: openBuildStore(loaded.stateDirectory),
    services,
    changes: services.changes,
    environments,
    connect,
    slotEnv: async (name, abort) =>
      resolveEnv(await environments[name].variables(), services.secrets, abort),
    documents: createDocuments(plan),
    planDigest: () => planDigest(loaded.checklists),
    ...signing(io, options, loaded, signal),
    stateDirectory: loaded.stateDirectory,
    clock: systemClock,
    signal,
    actor: actorName(options.actor, io.variables),
    rehearsal: loaded.config.rehearsal,
    timeScale,
    approvalWaitMs:
      options.approvalWait ?? (terminalOf(io.stdout, io, options).live ? 'planned' : 0),
    onEntry: onEntry({ plan }),
  };
  return {
    loaded,
    engine,
    close: async () => {
      dispose();
      await Promise.allSettled([services.close(), state.close()]);
    },
  };
}

/** Opens a session for the time of one piece of work. */
export async function withSession<T>(
  io: Io,
  options: RunOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(io, options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
