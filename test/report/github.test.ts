import { describe, expect, it } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import {
  annotationLine,
  checksAnnotations,
  outputLines,
  releaseAnnotations,
  verdictOf,
} from '../../src/report/github.ts';
import { summaryMarkdown } from '../../src/report/summary.ts';
import { plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

/** What the runner makes of a line: the inverse of its escapes, in its order. */
function read(line: string) {
  const [, level, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
  const plain = (text: string) =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const title = plain(properties.replaceAll('%3A', ':').replaceAll('%2C', ','));
  return { level, title: title.replace(/^title=/, ''), message: plain(data) };
}

describe('GitHub annotation', () => {
  it('comes back as it was said, whatever is in it', () => {
    const title = 'step 3/9: 50 %, a :: b';
    const message = 'expected 100 %\r\nobserved ::error::x, %0A';
    const line = annotationLine({ level: 'error', title, message });
    expect(line).not.toMatch(/[\r\n]/);
    expect(read(line)).toEqual({ level: 'error', title, message });
  });

  it('holds no secret, also not one that escaping would hide', () => {
    rememberSecret('p%ss:word,1');
    const line = annotationLine({ level: 'error', title: 'p%ss:word,1', message: 'p%ss:word,1' });
    expect(line).toBe('::error title=[secret]::[secret]');
  });

  it('tells each check that stopped a release, with remedy and request ids', () => {
    const [first, ...others] = releaseAnnotations(journeys.noGoJourney().state, plan);
    expect(others).toEqual([]);
    expect(first?.level).toBe('error');
    expect(first?.title).toContain('step 3/9');
    expect(first?.message).toContain('expected order_status, csat_bar, observed');
    expect(first?.message).toContain('req_smoke_2');
  });

  it('tells a wait as a notice with the command that ends it', () => {
    const [only, ...others] = releaseAnnotations(journeys.waitingJourney().state, plan);
    expect(others).toEqual([]);
    expect(only?.level).toBe('notice');
    expect(only?.message).toContain('aurora approve');
  });

  it('says nothing of a release that went well', () => {
    expect(releaseAnnotations(journeys.releasedJourney().state, plan)).toEqual([]);
  });
});

describe('what the page of a run is told', () => {
  it('is a warning of what holds, and never an error', () => {
    const found = releaseAnnotations(journeys.heldJourney().state, plan);
    expect(found.map(({ level }) => level)).toEqual(['warning']);
    expect(found[0]?.message).toContain('640 more clean ones are needed');
  });

  it('is who passed a step over and why, not what the step had measured', () => {
    const person = { by: 'rita.m', role: 'Release Manager', signed: true };
    const { state } = journeys
      .heldJourney()
      .add('release.resumed', { from: 7 })
      .add('step.skipped', { step: 7, reason: 'seen by hand', ...person });
    expect(releaseAnnotations(state, plan)).toEqual([
      {
        level: 'warning',
        title: 'step 7/9 canary was skipped by rita.m (Release Manager)',
        message: 'seen by hand',
      },
    ]);
  });

  it('is a notice of a release that somebody lets stand still', () => {
    const hold = { step: 7, reason: 'paused by Maya T.: lunch', waitsFor: 'person' } as const;
    const { state } = journeys.canaryJourney().add('release.held', hold);
    const [only, ...others] = releaseAnnotations(state, plan);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ level: 'notice', message: hold.reason });
  });

  it('is no more than the page shows, and then how many it does not', () => {
    const bad = { status: 'fail', expected: '1', observed: '2' } as const;
    const checks = Array.from({ length: 14 }, (_, at) => ({ ...bad, id: `${at}`, title: `${at}` }));
    const told = checksAnnotations('environment matrix', checks);
    expect(told).toHaveLength(10);
    expect(told[8]?.title).toBe('environment matrix: 8');
    expect(told[9]).toMatchObject({ level: 'error', title: '5 more' });
    expect(checksAnnotations('x', checks.slice(0, 10))).toHaveLength(10);
  });
});

describe('the verdict that CI goes by', () => {
  const { state } = journeys.noGoJourney();

  it('is that of the step that was run, or of the newest one', () => {
    expect([verdictOf(state), verdictOf(state, 2), verdictOf(state, 3)]).toEqual([
      ...['no-go', 'go', 'no-go'],
    ]);
  });

  it('is none while a word or a step is missing, whatever was a go before', () => {
    expect(verdictOf(journeys.waitingJourney().state)).toBe('');
    expect(verdictOf(journeys.emptyJourney().state)).toBe('');
    expect(verdictOf(state, 8)).toBe('');
  });

  it('is rollback once one has begun, and stays that of a step where one is asked for', () => {
    const back = journeys.rolledBackJourney().state;
    expect([verdictOf(back), verdictOf(back, 1)]).toEqual(['rollback', 'go']);
    expect(verdictOf(journeys.flagsOnlyJourney().state)).toBe('rollback');
  });
});

describe('CI variables', () => {
  it('stay one line each', () => {
    const values = { release: 'r1', verdict: 'go\nEXIT=0', exit: 0, none: null };
    expect(outputLines(values)).toEqual(['release=r1', 'verdict=go EXIT=0', 'exit=0', 'none=']);
  });
});

describe('CI summary', () => {
  it('shows every step, what did not pass and what comes next', () => {
    const text = summaryMarkdown(journeys.noGoJourney().state, plan);
    expect(text).toContain('### aurora: no-go (exit 3)');
    expect(text.match(/^\| \d+ \| .* \| not reached \|/gm)).toHaveLength(6);
    expect(text).toContain('#### What did not pass');
    expect(text).toContain('req_smoke_2');
    expect(text).toContain('**next:** ');
  });

  it('keeps the columns of a table whatever a server said', () => {
    const journey = journeys.noGoJourney().state;
    const step = journey.steps.get(3);
    if (step === undefined) throw new Error('the journey has no step 3');
    const [, second] = step.checks;
    if (second === undefined) throw new Error('step 3 has no second check');
    const checks = [{ ...second, observed: 'a | b\n| c <script>' }];
    const steps = new Map(journey.steps).set(3, { ...step, checks });
    const rows = summaryMarkdown({ ...journey, steps }, plan).split('\n');
    const bad = rows.find((line) => line.includes('script'));
    expect(bad?.match(/(?<!\\)\|/g)).toHaveLength(5);
    expect(bad).toContain('a \\| b<br>\\| c &lt;script>');
  });
});
