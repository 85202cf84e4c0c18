import { readFile } from 'node:fs/promises';
import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import type { ErrorCode } from '../base/catalogue.ts';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import { explainIssues, type Problem, pathText } from './explain.ts';

/** Which errors a YAML file may give. */
export interface YamlErrors {
  /** Malformed, or not what the schema wants. */
  readonly invalid: ErrorCode;
  /** Not there, or unreadable. */
  readonly missing: ErrorCode;
}

/** More problems than this in one line help nobody. */
const shown = 4;

async function readText(path: string, errors: YamlErrors): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const absent = hasErrno(cause, 'ENOENT');
    throw new AuroraError(errors.missing, absent ? 'no such file' : messageOf(cause), {
      where: path,
      cause,
    });
  }
}

/** The line of the deepest part of the path that stands in the file. */
function lineOf(
  document: Document,
  counter: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: readonly number[] | null }
      | null
      | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return counter.linePos(start).line;
  }
  return undefined;
}

/** `file:line` of a path inside a YAML file, for what is found wrong only later; else the file. */
export async function placeInYaml(file: string, path: readonly PropertyKey[]): Promise<string> {
  const yaml = await import('yaml');
  const counter = new yaml.LineCounter();
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = lineOf(yaml.parseDocument(text, { lineCounter: counter }), counter, path);
  return line === undefined ? file : `${file}:${line}`;
}

function summary(problems: readonly Problem[]): string {
  const lines = problems.slice(0, shown).map(({ path, reason }) => `${pathText(path)}: ${reason}`);
  const more = problems.length - lines.length;
  return lines.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/**
 * Reads a YAML file and validates it. Errors are one line that names `file:line` and the path inside
 * the file; they never repeat a value.
 */
export async function readYamlFile<T>(
  path: string,
  schema: z.ZodType<T>,
  errors: YamlErrors,
): Promise<T> {
  const text = await readText(path, errors);
  const yaml = await import('yaml');
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax !== undefined) {
    const line = counter.linePos(syntax.pos[0]).line;
    throw new AuroraError(errors.invalid, `not YAML: ${syntax.message}`, {
      where: `${path}:${line}`,
    });
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const problems = explainIssues(schema, parsed.error);
  const line = lineOf(document, counter, problems[0]?.path ?? []);
  throw new AuroraError(errors.invalid, summary(problems), {
    where: line === undefined ? path : `${path}:${line}`,
  });
}
