import { systemClock } from '../../../src/base/clock.ts';
import { AuroraError } from '../../../src/base/errors.ts';
import { FileStore } from '../../../src/release/file-store.ts';

/** Writes into a journal as fast as it can, until somebody else has. */
const [stateDirectory = '', release = ''] = process.argv.slice(2);
const say = (word: unknown) => process.stdout.write(`${JSON.stringify(word)}\n`);

const writer = await new FileStore(stateDirectory, systemClock).create(release, 'sleeper');
try {
  await writer.append('release.resumed', { from: 0 });
  say('writing');
  for (let from = 1; ; from += 1) await writer.append('release.resumed', { from });
} catch (error) {
  if (!(error instanceof AuroraError)) throw error;
  say({ code: error.code, written: writer.entries.length });
  process.exitCode = error.exitCode;
}
