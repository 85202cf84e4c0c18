// A whole release by the real engine, with as many steps as the first word says: each step's gate is
// one check that passes at once. Journal, its syncs and the leases are real files; what is around
// them (flags, slots) is in memory. The second word names a state directory that keeps the release.
import { systemClock } from '../../../src/base/clock.ts';
import { openFileLeases } from '../../../src/release/file-lease-store.ts';
import { FileStore } from '../../../src/release/file-store.ts';
import { startRelease } from '../../../src/release/run-release.ts';
import { digests, flagAt, rollbackPhases, step, World } from '../../release/world.ts';

const [count = '9', keptIn] = process.argv.slice(2);

const kept =
  keptIn === undefined
    ? {}
    : {
        store: new FileStore(keptIn, systemClock),
        leases: openFileLeases(keptIn, systemClock),
        stateDirectory: keptIn,
      };

const world = await new World().open();
try {
  world
    .flag('AURORA_WIDGET_ENABLED')
    .strategies.push(world.strategy('candidate', 100, digests.candidate));
  const steps = Array.from({ length: Number(count) }, (_, at) => step(at + 1, [flagAt(100)]));
  const { exit, state } = await startRelease(world.engine(steps, rollbackPhases, kept), '1.4.0');
  const gone = [...state.steps.values()].filter((one) => one.verdict === 'go').length;
  if (exit !== 0 || gone !== steps.length) throw new Error(`exit ${exit}, ${gone} steps are go`);
} finally {
  await world.close();
}
