import { verbs } from '../commands/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { processIo } from '../src/app/io.ts';
import { main } from '../src/app/main.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2), processIo(), {
  version: manifest.version,
  verbs,
});
