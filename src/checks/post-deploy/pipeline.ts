import { z } from 'zod';
import type { PipelineStage } from '../../services/database/database.ts';

/** Stages that only read, and read nothing but the events. */
const readingStages: ReadonlySet<string> = new Set([
  '$addFields',
  '$bucket',
  '$count',
  '$group',
  '$limit',
  '$match',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$skip',
  '$sort',
  '$sortByCount',
  '$unset',
  '$unwind',
]);

/** Operators that run code on the server, wherever they stand. */
const codeOperators: ReadonlySet<string> = new Set(['$accumulator', '$function', '$where']);

/** What a pipeline may leave open, and what it is filled with. */
export interface PipelineValues {
  /** `$$DEPLOY`: the window begins after it. */
  readonly deploy: Date;
  /** `$$NOW`: the window ends with it. */
  readonly now: Date;
  /** `$$ENVIRONMENT`: the word that analytics has for it. */
  readonly environment: string;
  /** `$$BUILD`: the digest of a build; null for any, which takes the condition away. */
  readonly build: string | null;
}

const placeholders: Readonly<Record<string, keyof PipelineValues>> = {
  $$DEPLOY: 'deploy',
  $$NOW: 'now',
  $$ENVIRONMENT: 'environment',
  $$BUILD: 'build',
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name or a text somewhere in a pipeline; a text with the name that it directly belongs to. */
interface Word {
  readonly key: string | null;
  readonly text?: string;
}

function wordsOf(value: unknown, key: string | null = null): readonly Word[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (Array.isArray(value)) return value.flatMap((item) => wordsOf(item));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => [{ key: name }, ...wordsOf(item, name)]);
}

function stageProblems(pipeline: readonly PipelineStage[]): readonly string[] {
  return pipeline.flatMap((stage, index) => {
    const names = Object.keys(stage);
    if (names.length !== 1) return [`stage ${index + 1} must have exactly one name`];
    return names
      .filter((name) => !readingStages.has(name))
      .map((name) => `the stage ${name} is not allowed: a query only reads events`);
  });
}

function wordProblem({ key, text }: Word): string | null {
  if (key !== null && codeOperators.has(key)) return `${key} runs code and is not allowed`;
  if (key?.startsWith('$$')) return `${key} cannot stand for a name`;
  if (text === undefined || !text.startsWith('$$')) return null;
  if (placeholders[text] === undefined) {
    return `${text} is not known; there are ${Object.keys(placeholders).join(', ')}`;
  }
  // Taken away for a baseline: inside another condition that would leave nonsense behind.
  if (text === '$$BUILD' && key !== 'build') return 'write `build: $$BUILD`, nothing around it';
  return null;
}

/** What is wrong with a pipeline, in words; nothing when it may run. */
export function pipelineProblems(pipeline: readonly PipelineStage[]): readonly string[] {
  const words = wordsOf(pipeline);
  const used = new Set(words.map(({ text }) => text));
  // A query that forgets one of these would count staging, the stable build or last year.
  const forgotten = Object.keys(placeholders).filter((name) => !used.has(name));
  return [
    ...stageProblems(pipeline),
    ...words.map(wordProblem).filter((problem) => problem !== null),
    ...forgotten.map((name) => `${name} must be used`),
  ];
}

/** A pipeline in a checklist: read-only stages, and all four placeholders used. */
export const eventPipeline = z
  .array(z.record(z.string(), z.unknown()))
  .min(1)
  .superRefine((pipeline, context) => {
    for (const message of pipelineProblems(pipeline)) context.addIssue({ code: 'custom', message });
  })
  .describe(
    'What runs: an aggregation over the events, read-only. $$DEPLOY, $$NOW, $$ENVIRONMENT and $$BUILD are filled in.',
  );

/** Marks a condition that is taken away. */
const anything = Symbol('anything');

function fill(value: unknown, values: PipelineValues): unknown {
  if (typeof value === 'string') {
    const name = placeholders[value];
    return name === undefined ? value : (values[name] ?? anything);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, fill(item, values)] as const)
      .filter(([, item]) => item !== anything),
  );
}

/**
 * A pipeline with its placeholders filled by typed values. `build: $$BUILD` goes away when any build
 * counts, as it does for a baseline.
 */
export function fillPipeline(
  pipeline: readonly PipelineStage[],
  values: PipelineValues,
): readonly PipelineStage[] {
  return pipeline.map((stage) => fill(stage, values) as PipelineStage);
}
