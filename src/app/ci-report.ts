import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuroraError, messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState } from '../release/state.ts';
import type { Io } from './io.ts';

/** What CI asked for besides the screen. */
export interface CiOptions {
  readonly json?: boolean;
  /** File for JUnit XML. */
  readonly junit?: string;
  /** File for NAME=value lines that later jobs read. */
  readonly dotenv?: string;
}

/** Readable by the job that collects it. */
const artifactMode = 0o644;

async function artifact(io: Io, file: string, text: string): Promise<void> {
  const path = resolve(io.workingDirectory, file);
  await writeFileAtomic(path, text, artifactMode).catch((cause: unknown) => {
    throw new AuroraError('STORE_FAILED', `the report cannot be written: ${messageOf(cause)}`, {
      where: path,
      remedy: 'Name a file in a directory that this job may write.',
      cause,
    });
  });
}

/** The verdict of the newest step that has one; empty before that. */
function lastVerdict(state: ReleaseState): string {
  return [...state.steps.values()].findLast((step) => step.verdict !== null)?.verdict ?? '';
}

async function writeGithub(
  io: Io,
  options: CiOptions,
  about: { readonly state: ReleaseState; readonly plan: Plan; readonly exit: ExitCode },
): Promise<void> {
  const { state, plan, exit } = about;
  const [{ annotationLine, outputLines, releaseAnnotations }, { summaryMarkdown }] =
    await Promise.all([import('../report/github.ts'), import('../report/summary.ts')]);
  // With --json stdout is one document; the runner reads its commands from stderr as well.
  const stream = options.json === true ? io.stderr : io.stdout;
  for (const one of releaseAnnotations(state, plan)) stream.write(`${annotationLine(one)}\n`);
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = io.variables;
  if (summary) await appendFile(summary, summaryMarkdown(state, plan));
  const values = { release: state.id, verdict: lastVerdict(state), exit };
  if (output) await appendFile(output, `${outputLines(values).join('\n')}\n`);
}

/** Writes what CI asked for: JUnit, variables for later jobs, and on GitHub summary and annotations. */
export async function writeCiReport(
  io: Io,
  options: CiOptions,
  about: { readonly state: ReleaseState; readonly plan: Plan; readonly exit: ExitCode },
): Promise<void> {
  const { state, plan, exit } = about;
  if (options.junit !== undefined) {
    const { releaseJUnit } = await import('../report/junit.ts');
    await artifact(io, options.junit, releaseJUnit(state, plan));
  }
  if (options.dotenv !== undefined) {
    const { outputLines } = await import('../report/github.ts');
    const values = {
      AURORA_RELEASE: state.id,
      AURORA_VERDICT: lastVerdict(state),
      AURORA_EXIT: exit,
    };
    await artifact(io, options.dotenv, `${outputLines(values).join('\n')}\n`);
  }
  if (io.variables.GITHUB_ACTIONS === 'true') await writeGithub(io, options, about);
}

/** Says an error in the way the runner shows on its page. */
export async function annotateError(io: Io, json: boolean, error: unknown): Promise<void> {
  if (io.variables.GITHUB_ACTIONS !== 'true') return;
  const { annotationLine } = await import('../report/github.ts');
  const known = error instanceof AuroraError;
  const title = known ? error.code : 'unexpected error';
  const remedy = known ? `\n${error.remedy}` : '';
  const line = annotationLine({
    level: 'error',
    title: `aurora: ${title}`,
    message: `${messageOf(error)}${remedy}`,
  });
  (json ? io.stderr : io.stdout).write(`${line}\n`);
}
