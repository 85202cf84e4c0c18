import { describe, expect, it } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import { annotationLine, outputLines, releaseAnnotations } from '../../src/report/github.ts';
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
