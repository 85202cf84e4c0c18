import { constants } from 'node:fs';
import { access, appendFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState } from '../release/state.ts';
import type { Annotation } from '../report/github.ts';
import type { Io } from './io.ts';

/** What CI asked for besides the screen. */
export interface CiOptions {
  readonly json?: boolean;
  /** File for JUnit XML. */
  readonly junit?: string;
  /** File for NAME=value lines that later jobs read. */
  readonly dotenv?: string;
}

/** What a report is about. */
export interface Reported {
  readonly state: ReleaseState;
  readonly plan: Plan;
  /** What the verb ends with; the release itself may have ended with another. */
  readonly exit: ExitCode;
  /** The one step that the verb was about; left out where it is the whole release. */
  readonly step?: number;
}

/** Readable by the job that collects it. */
const artifactMode = 0o644;

function unwritable(path: string, cause: unknown): AuroraError {
  return new AuroraError('USAGE', `the report cannot be written: ${messageOf(cause)}`, {
    where: path,
    remedy: 'Name a file in a directory that this job may write.',
    cause,
  });
}

/** Whether a file may be written there; a directory that is missing is made with it. */
async function requireWritable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw new Error('it is a directory');
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
  }
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    try {
      return await access(directory, constants.W_OK);
    } catch (error) {
      if (!hasErrno(error, 'ENOENT') || dirname(directory) === directory) throw error;
    }
  }
}

/**
 * Finds out before anything is changed that a report could not be written afterwards: its failure
 * must not stand where the verdict belongs. USAGE.
 */
export async function requireArtifacts(io: Io, { junit, dotenv }: CiOptions): Promise<void> {
  for (const file of [junit, dotenv]) {
    if (file === undefined) continue;
    const path = resolve(io.workingDirectory, file);
    await requireWritable(path).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
  }
}

/** Writes one file that a job collects. USAGE when it cannot. */
export async function writeArtifact(io: Io, file: string, text: string): Promise<void> {
  const path = resolve(io.workingDirectory, file);
  await writeFileAtomic(path, text, artifactMode).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

/** Whether this runs in GitHub Actions. */
function onGithub(io: Io): boolean {
  return io.variables.GITHUB_ACTIONS === 'true';
}

/** Whether anybody reads a report of this run. */
export function wantsReport(io: Io, { junit, dotenv }: CiOptions): boolean {
  return junit !== undefined || dotenv !== undefined || onGithub(io);
}

/** With --json stdout is one document; the runner reads its commands from stderr as well. */
export async function annotate(
  io: Io,
  json: boolean,
  annotations: readonly Annotation[],
): Promise<void> {
  if (!onGithub(io)) return;
  const { annotationLine } = await import('../report/github.ts');
  const stream = json ? io.stderr : io.stdout;
  for (const one of annotations) stream.write(`${annotationLine(one)}\n`);
}

async function writeGithub(io: Io, json: boolean, about: Reported): Promise<void> {
  const { state, plan, exit, step } = about;
  const [{ outputLines, releaseAnnotations, verdictOf }, { summaryMarkdown }] = await Promise.all([
    import('../report/github.ts'),
    import('../report/summary.ts'),
  ]);
  await annotate(io, json, releaseAnnotations(state, plan));
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = io.variables;
  if (summary) await appendFile(summary, summaryMarkdown(state, plan, exit));
  const values = { release: state.id, verdict: verdictOf(state, step), exit };
  if (output) await appendFile(output, `${outputLines(values).join('\n')}\n`);
}

async function writeAll(io: Io, options: CiOptions, about: Reported): Promise<void> {
  const { state, plan, exit, step } = about;
  if (options.junit !== undefined) {
    const { releaseJUnit } = await import('../report/release-junit.ts');
    await writeArtifact(io, options.junit, releaseJUnit(state, plan, exit));
  }
  if (options.dotenv !== undefined) {
    const { outputLines, verdictOf } = await import('../report/github.ts');
    const values = {
      AURORA_RELEASE: state.id,
      AURORA_VERDICT: verdictOf(state, step),
      AURORA_EXIT: exit,
    };
    await writeArtifact(io, options.dotenv, `${outputLines(values).join('\n')}\n`);
  }
  if (onGithub(io)) await writeGithub(io, options.json === true, about);
}

/**
 * Writes what CI asked for: JUnit, variables for later jobs, and on GitHub summary and annotations.
 * Answers what could not be written: the exit code tells of the release, and a full disk must not
 * change it.
 */
export async function writeCiReport(
  io: Io,
  options: CiOptions,
  about: Reported,
): Promise<readonly string[]> {
  try {
    await writeAll(io, options, about);
    return [];
  } catch (error) {
    const where = error instanceof AuroraError ? ` (${error.where})` : '';
    return [`not everything that CI reads was written: ${messageOf(error)}${where}`];
  }
}

/** Says an error in the way the runner shows on its page. */
export async function annotateError(io: Io, json: boolean, error: unknown): Promise<void> {
  const known = error instanceof AuroraError;
  const title = `aurora: ${known ? error.code : 'unexpected error'}`;
  const where = known && error.where !== undefined ? ` (${error.where})` : '';
  const remedy = known ? `\n${error.remedy}` : '';
  const message = `${messageOf(error)}${where}${remedy}`;
  await annotate(io, json, [{ level: 'error', title, message }]);
}
