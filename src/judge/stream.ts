import { z } from 'zod';
import { AuroraError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { packReading, unpackReading } from './recording.ts';
import type { WatchReading, WatchRules } from './watching.ts';

/** How a watch was carried out: all of its rules but the bands. Times in milliseconds. */
export type StreamRules = Omit<WatchRules, 'slo'>;

/** What is known of a build that customers met. */
export type Truth = 'good' | 'bad' | 'unknown';

/** What one watch has seen, look by look, without any judgement of it. */
export interface CanaryStream {
  readonly rules: StreamRules;
  /** Where it was recorded, for people. */
  readonly of: string;
  readonly truth: Truth;
  readonly readings: readonly WatchReading[];
}

const milliseconds = z.number().min(0);

const head = z.strictObject({
  format: z.literal(1),
  kind: z.literal('canary-stream'),
  share: z.number().gt(0).max(1).nullable(),
  windowMs: milliseconds,
  extendMs: milliseconds,
  compared: z.boolean(),
  assignmentAfterMs: milliseconds,
  of: z.string(),
  truth: z.enum(['good', 'bad', 'unknown']).default('unknown'),
});

/** A stream as a file: JSON lines, the rules first, then one look a line. */
export function streamText({ rules, of, truth, readings }: CanaryStream): string {
  const first = { format: 1, kind: 'canary-stream', ...rules, of, truth };
  const lines = [first, ...readings.map(packReading)].map((line) => JSON.stringify(line));
  return `${lines.join('\n')}\n`;
}

function parseLine(line: string, where: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch (cause) {
    throw new AuroraError('STREAM_INVALID', 'not JSON', { where, cause });
  }
}

/**
 * Reads a stream file; `path` is for messages. A last line without its newline was torn while it was
 * written and is left out. STREAM_INVALID names the line.
 */
export function parseStream(text: string, path: string): CanaryStream {
  const [first, ...rest] = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const begin = first === undefined ? undefined : head.safeParse(parseLine(first, `${path}:1`));
  if (begin?.success !== true) {
    throw new AuroraError('STREAM_INVALID', 'its first line is not the head of a canary stream', {
      where: `${path}:1`,
    });
  }
  const { format: _format, kind: _kind, of, truth, ...rules } = begin.data;
  const readings = rest.map((line, index) => {
    const where = `${path}:${index + 2}`;
    const reading = unpackReading(parseLine(line, where));
    if (reading === null) throw new AuroraError('STREAM_INVALID', 'not a look', { where });
    return reading;
  });
  return { rules, of, truth, readings };
}
