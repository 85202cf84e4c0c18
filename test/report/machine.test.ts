import { describe, expect, it } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import { exitOf } from '../../src/report/exit.ts';
import { releaseJson } from '../../src/report/json.ts';
import { junitXml } from '../../src/report/junit.ts';
import { releaseJUnit } from '../../src/report/release-junit.ts';
import { plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const gate = { name: 'gate', classname: 'aurora.gate', reasons: ['because'] };
const check = { id: 'a/b', title: 'a', expected: '1', observed: '2' };

describe('JUnit', () => {
  it('has a suite for each step that was reached and a case for each check', () => {
    const xml = releaseJUnit(journeys.noGoJourney().state, plan);
    expect(xml.match(/<testsuite /g)).toHaveLength(3);
    expect(xml).toContain(
      'name="step 3: Smoke checklist on staging, QA Lead (Jamie P.)" tests="6" failures="1"',
    );
    expect(xml).toContain('timestamp="2025-11-22T04:30:00"');
  });

  it('gives expectation, observation, remedy and request ids of a failure', () => {
    const xml = releaseJUnit(journeys.noGoJourney().state, plan);
    expect(xml).toContain(
      '<failure message="expected order_status, csat_bar, observed order_status, assistant_text">',
    );
    expect(xml).toContain('remedy: Look for csat_bar');
    expect(xml).toContain('request ids: req_smoke_2');
  });

  it.each([
    ['fail', 'no-go', 'failures="1" errors="0" skipped="0"'],
    ['error', 'no-go', 'failures="0" errors="1" skipped="0"'],
    ['inconclusive', 'hold', 'failures="0" errors="0" skipped="1"'],
    ['inconclusive', 'no-go', 'failures="1" errors="0" skipped="0"'],
    ['pass', 'go', 'failures="0" errors="0" skipped="0"'],
  ] as const)('counts %s at a %s gate', (status, verdict, counts) => {
    const xml = junitXml('x', [{ ...gate, verdict, checks: [{ ...check, status }] }]);
    expect(xml).toContain(counts);
  });

  it('never shows a gate that stopped a release as green', () => {
    const passed = [{ ...check, status: 'pass' as const }];
    for (const verdict of ['no-go', 'rollback'] as const) {
      expect(junitXml('x', [{ ...gate, verdict, checks: passed }])).toContain('failures="1"');
      expect(junitXml('x', [{ ...gate, verdict, checks: [] }])).toContain('failures="1"');
    }
    expect(junitXml('x', [{ ...gate, verdict: null, checks: passed }])).toContain('skipped="1"');
  });

  it('stays well-formed whatever a server said, and redacts', () => {
    rememberSecret('s3cret-value');
    const observed = `"<&>\u0000\u001b[31m ]]> s3cret-value`;
    const xml = junitXml('x', [
      { ...gate, verdict: 'no-go', checks: [{ ...check, status: 'fail', observed }] },
    ]);
    expect(xml).toContain('&quot;&lt;&amp;&gt;\ufffd\ufffd[31m ]]&gt; [secret]');
  });
});

describe('JSON document', () => {
  it('is versioned and holds every step, check and verdict', () => {
    const json = JSON.parse(releaseJson(journeys.releasedJourney().state, plan));
    expect(json).toMatchObject({ aurora: 1, kind: 'release', outcome: 'released', exit: 0 });
    expect(json.steps).toHaveLength(9);
    expect(json.steps[0].checks).toHaveLength(20);
    expect(json.steps[2]).toMatchObject({
      id: 'smoke',
      verdict: 'go',
      plannedMs: 1_800_000,
      actualMs: 2_100,
    });
    expect(json.steps[2].checks[1].requestIds).toEqual(['req_smoke_2']);
    expect(json.steps[4].approvals[0].by).toBe('Omar V.');
  });

  it('turns maps into arrays', () => {
    const json = JSON.parse(releaseJson(journeys.rolledBackJourney().state, plan));
    expect(json.effects[0]).toMatchObject({ key: 'staging/start', status: 'done' });
    expect(json.rollback.compensations).toHaveLength(4);
    expect(json.rollback.ended.customersSafe).toBe(true);
    expect(json.next.command).toBe('aurora flag restore r-20251122-0430-7k2f');
  });

  it('tells steps that were not reached apart from those without a verdict', () => {
    const json = JSON.parse(releaseJson(journeys.waitingJourney().state, plan));
    expect(json.steps[4]).toMatchObject({ status: 'waiting', verdict: null });
    expect(json.steps[5]).toMatchObject({ status: 'not-reached', verdict: null });
    expect(json.steps[4].request.command).toContain('aurora approve');
  });
});

describe('exit code of a release', () => {
  it('is the one it ended with, or what its state stands for', () => {
    expect(exitOf(journeys.noGoJourney().state)).toBe(3);
    expect(exitOf(journeys.waitingJourney().state)).toBe(4);
    expect(exitOf(journeys.heldJourney().state)).toBe(4);
    expect(exitOf(journeys.rolledBackJourney().state)).toBe(5);
    expect(exitOf(journeys.rolledBackJourney(true).state)).toBe(6);
    expect(exitOf(journeys.canaryJourney().state)).toBeNull();
  });

  it('is the one of the error after a failure, and 130 after an interruption', () => {
    const interrupted = journeys
      .canaryJourney()
      .add('release.interrupted', { step: 7, signal: 'SIGINT' });
    expect(exitOf(interrupted.state)).toBe(130);
    const failed = (code: string) =>
      journeys.canaryJourney().add('release.failed', { step: 7, error: { code, message: 'x' } })
        .state;
    expect(exitOf(failed('LEASE_LOST'))).toBe(7);
    expect(exitOf(failed('TypeError'))).toBe(1);
  });
});
