import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuroraError, hasErrno, messageOf } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { configTemplate } from '../../config/template.ts';
import type { GlobalOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';

/** `aurora init`: writes a commented configuration; never over one that is there. */
export async function initVerb(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  const path = resolve(io.workingDirectory, options.config ?? 'aurora.config.yaml');
  try {
    const file = await open(path, 'wx', 0o644);
    await file.writeFile(configTemplate());
    await file.close();
  } catch (error) {
    const there = hasErrno(error, 'EEXIST');
    throw new AuroraError('USAGE', there ? 'there is a configuration already' : messageOf(error), {
      where: path,
      remedy: there
        ? 'Edit it, or write another with `aurora init --config <file>`.'
        : 'Choose a directory that you may write.',
    });
  }
  output.document('init', { path });
  output.text(`written: ${path}\nnext: fill it in, then: aurora doctor`);
  return 0;
}
