import { createInterface } from 'node:readline';
import { systemClock } from '../../../src/base/clock.ts';
import { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import { FileLeaseStore } from '../../../src/release/file-lease-store.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import { Leases } from '../../../src/release/leases.ts';
import { openMongoState } from '../../../src/release/mongo/open.ts';
import { ReleaseLog } from '../../../src/release/release-log.ts';
import { takeLeases } from '../../../src/release/take-leases.ts';

/** One of many that want to release at once: begins as a release does, then holds until told to end. */
const [stateDirectory = '', uri = '', database = '', release = '', actor = ''] =
  process.argv.slice(2);
const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (word: unknown) => process.stdout.write(`${JSON.stringify(word)}\n`);

const state =
  uri === ''
    ? {
        store: new FileStore(stateDirectory, systemClock),
        leases: new FileLeaseStore(stateDirectory),
        close: async () => undefined,
      }
    : openMongoState(
        { uri: new Secret(uri, 'test'), database, stateDirectory, patienceMs: 60_000 },
        systemClock,
      );

async function begin(): Promise<void> {
  const { signal } = new AbortController();
  const leases = new Leases(state.leases, systemClock);
  const taken = await takeLeases({ leases, actor, signal }, release);
  try {
    const writer = await state.store.create(release, actor);
    const log = new ReleaseLog(writer, () => undefined, taken.check);
    for (const { environment, lease } of taken.held) {
      await log.append('lease.acquired', { environment, fence: lease.fence, holder: actor });
    }
    say({ won: release });
    await words.next();
    await taken.check();
    await log.close();
  } finally {
    await taken.drop();
  }
}

try {
  // Connected before the start, however busy the machine is.
  await state.leases.read('production');
  say('ready');
  const { value } = await words.next();
  // All begin at the same moment, not one after the other as they are told.
  while (Date.now() < Number(value)) await new Promise(setImmediate);
  await begin();
} catch (error) {
  if (!(error instanceof AuroraError)) throw error;
  say({ code: error.code, message: error.message });
  process.exitCode = error.exitCode;
} finally {
  await state.close();
  process.stdin.destroy();
}
