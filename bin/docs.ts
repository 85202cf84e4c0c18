// `npm run docs`: writes every generated page and schema. A test fails when one of them is out of date.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verbs } from '../commands/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { processIo } from '../src/app/io.ts';
import { createProgram } from '../src/app/program.ts';
import { loadVerbs } from '../src/app/verb.ts';
import { generatedFiles } from '../src/docs/generate.ts';

const program = createProgram(
  { version: manifest.version, verbs: await loadVerbs(verbs) },
  { io: processIo(), act: async () => undefined },
);
for (const [path, text] of await generatedFiles(program)) {
  await writeFile(join(process.cwd(), path), text);
  process.stdout.write(`${path}\n`);
}
