import { describe, expect, it } from 'vitest';
import { type CanaryStream, parseStream, streamText } from '../../src/judge/stream.ts';
import { cohort, reading } from './counts.ts';
import { lookAt, rules, unread } from './readings.ts';

const { slo: _slo, ...stream } = rules;
const recorded: CanaryStream = {
  rules: stream,
  of: 'a test',
  truth: 'good',
  readings: [
    lookAt(0, reading(cohort(0)), reading(cohort(0))),
    lookAt(1, unread, reading(cohort(400))),
    lookAt(2, reading(cohort(40)), unread, { drift: 'set to 50 %' }),
  ],
};
const text = streamText(recorded);
const lines = text.split('\n');

describe('a stream file', () => {
  it('gives back what was recorded', () => {
    expect(parseStream(text, 'a.jsonl')).toEqual(recorded);
  });

  it('is one line for the rules and one for each look', () => {
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 1, kind: 'canary-stream' });
  });

  it('leaves a line out that was torn while it was written', () => {
    const torn = text.slice(0, -10);
    expect(parseStream(torn, 'a.jsonl').readings).toEqual(recorded.readings.slice(0, 2));
  });

  it('knows nothing of the build unless it says so', () => {
    const { truth: _truth, ...head } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(parseStream(`${JSON.stringify(head)}\n`, 'a.jsonl').truth).toBe('unknown');
  });

  it.each([
    ['an empty file', '', 'a.jsonl:1'],
    ['another kind of file', '{"format":1,"kind":"journal"}\n', 'a.jsonl:1'],
    ['a later format', text.replace('"format":1', '"format":2'), 'a.jsonl:1'],
    ['what is not JSON', text.replace(lines[2] ?? '', 'oops'), 'a.jsonl:3'],
    ['what is no look', text.replace(lines[3] ?? '', '{"v":1}'), 'a.jsonl:4'],
  ])('refuses %s and names the line', (_, wrong, where) => {
    expect(() => parseStream(wrong, 'a.jsonl')).toThrow(
      expect.objectContaining({ code: 'STREAM_INVALID', where }),
    );
  });
});
