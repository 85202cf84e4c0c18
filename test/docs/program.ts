import { PassThrough } from 'node:stream';
import { verbs } from '../../commands/index.ts';
import type { Io } from '../../src/app/io.ts';
import { createProgram } from '../../src/app/main.ts';

/** The command line as users get it; nothing is run. */
export function wholeProgram() {
  const io: Io = {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    stdin: {},
    variables: {},
    workingDirectory: '/',
  };
  return createProgram({ version: '0.0.0', verbs }, { io, act: async () => undefined });
}
