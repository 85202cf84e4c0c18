import { PassThrough } from 'node:stream';
import { verbs } from '../../commands/index.ts';
import type { Io } from '../../src/app/io.ts';
import { createProgram } from '../../src/app/program.ts';
import { loadVerbs } from '../../src/app/verb.ts';

/** The command line as users get it; nothing is run. */
export async function wholeProgram() {
  const io: Io = {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    stdin: {},
    variables: {},
    workingDirectory: '/',
  };
  const about = { version: '0.0.0', verbs: await loadVerbs(verbs) };
  return createProgram(about, { io, act: async () => undefined });
}
