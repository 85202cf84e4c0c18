import { catalogue, type ErrorCode } from '../../base/catalogue.ts';
import { AuroraError } from '../../base/errors.ts';
import { type ExitCode, exitCodes } from '../../base/exit-codes.ts';
import { nearest } from '../../base/nearest.ts';
import type { GlobalOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}

/** `aurora explain [code]`: an error of the catalogue, an exit code, or the list of all. */
export async function explainVerb(
  io: Io,
  asked: string | undefined,
  options: GlobalOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  if (asked === undefined) {
    output.document('catalogue', { errors: catalogue, exitCodes });
    for (const [code, entry] of Object.entries(catalogue))
      output.text(`${code.padEnd(24)} exit ${entry.exit}  ${entry.meaning}`);
    return 0;
  }
  const code = asked.toUpperCase();
  if (isCode(code)) {
    const entry = catalogue[code];
    output.document('error-code', { code, ...entry });
    output.text(
      `${code} (exit ${entry.exit}: ${exitCodes[entry.exit]})\n${entry.meaning}\n-> ${entry.remedy}`,
    );
    return 0;
  }
  if (Object.hasOwn(exitCodes, asked)) {
    const meaning = exitCodes[Number(asked) as ExitCode];
    const codes = Object.entries(catalogue).filter(([, entry]) => String(entry.exit) === asked);
    output.document('exit-code', {
      exit: Number(asked),
      meaning,
      errors: codes.map(([name]) => name),
    });
    output.text(`exit ${asked}: ${meaning}`);
    for (const [name, entry] of codes) output.text(`  ${name.padEnd(24)} ${entry.meaning}`);
    return 0;
  }
  const meant = nearest(code, Object.keys(catalogue));
  throw new AuroraError(
    'USAGE',
    `there is no code ${asked}${meant === undefined ? '' : `, did you mean ${meant}?`}`,
    {
      remedy: '`aurora explain` lists all codes.',
    },
  );
}
