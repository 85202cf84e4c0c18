import { verbs } from '../commands/index.ts';
import { processIo } from '../src/app/io.ts';
import { main } from '../src/app/main.ts';

/** Runs aurora in this process; answers its exit code. */
export function run(words: readonly string[], version: string) {
  return main(words, processIo(), { version, verbs });
}
