import { describe, expect, it } from 'vitest';
import { createDocuments } from '../../src/report/documents.ts';
import { candidate, plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const documents = createDocuments(plan);

describe('release notes', () => {
  const journal = journeys.releasedJourney();
  const notes = documents.releaseNotes(journal.state, journal.entries);

  it('say what went out and what it takes the place of', () => {
    expect(notes).toContain('# Release notes: concierge 1.4.0');
    expect(notes).toContain(candidate.digest);
    expect(notes).toContain('concierge 1.3.0');
  });

  it('carry the KPIs and the canary with their sample sizes', () => {
    expect(notes).toMatch(/capsule conversion against the baseline .*29\.4 % .*\| 1210/);
    expect(notes).toMatch(/sessions with an error .*0 of 912 .*\| 912/);
  });

  it('compare each KPI with its baseline, and say when that was', () => {
    const told = journeys.heldJourney();
    const kpi = {
      id: 'post-deploy/kpi/negative-csat',
      title: 'Negative CSAT answers against the baseline',
      expected: 'baseline 10 %',
      observed: '173 of 1500',
      evidence: {
        now: { hits: 173, n: 1_500 },
        baseline: { hits: 60, n: 600 },
        change: 0.1533,
        low: -0.08,
        high: 0.36,
        note: 'within chance',
        from: '2025-10-03T08:00:00.000Z',
        to: '2025-10-10T08:00:00.000Z',
      },
    };
    told.add('release.resumed', { from: 7 }).start(7).end(7, 'go').start(9);
    told.check(9, kpi);
    told.check(9, {
      ...kpi,
      id: 'post-deploy/kpi/odd',
      title: 'Odd',
      observed: 'not there',
      evidence: {},
    });
    const text = documents.releaseNotes(told.state, told.entries);
    expect(text).toMatch(
      /\| 11\.5 % \(173 of 1500\) +\| 10 % \(60 of 600\) +\| \+15\.3 % +\| -8\.0 % to \+36\.0 % +\| healthy: within chance/,
    );
    expect(text).toContain('from 2025-10-03 08:00:00 to 2025-10-10 08:00:00 UTC');
    expect(text).toMatch(/\| Odd +\| not there +\| - /);
  });

  it('name who approved, and that nothing was signed', () => {
    expect(notes).toContain('Step 5: Product Manager (Omar V.), UNSIGNED (the plan allows it)');
  });

  it('list what was amber although the release went through', () => {
    const amber = notes.split('## Known amber')[1];
    expect(amber).toContain(
      'Step 7: too few samples to judge these guards: stylist slower than 500 ms (n = 44)',
    );
    expect(amber).toContain('Step 4 took longer');
    expect(amber).not.toContain('unhappy answers');
  });

  it('tell each watch apart, under the step that it belongs to', () => {
    expect(notes.split('## Canary')[1]).toMatch(/^\s+### Step 7: canary\n/);
  });

  it('count an earlier hold as amber', () => {
    const held = journeys.heldJourney();
    held.add('release.resumed', { from: 7 }).start(7).end(7, 'go');
    const text = documents.releaseNotes(held.state, held.entries);
    expect(text.split('## Known amber')[1]).toContain('Step 7 was held at');
  });
});

describe('incident note', () => {
  it('says what failed, with expectation, observation and request ids', () => {
    const journal = journeys.rolledBackJourney();
    const note = documents.incidentNote(journal.state, journal.entries);
    expect(note).toContain('At step 7 (Monitor canary)');
    expect(note).toMatch(/below 0\.5 % .*31 of 148 sessions/);
    expect(note).toContain('`req_bad_1`, `req_bad_2`');
    expect(note).toContain('Not undone: nothing.');
    expect(note).toContain('aurora flag restore r-20251122-0430-7k2f');
  });

  it('says what could not be undone and how to repair it', () => {
    const journal = journeys.rolledBackJourney(true);
    const note = documents.incidentNote(journal.state, journal.entries);
    expect(note).toMatch(
      /\*\*Not undone:\*\*\n\n- purge the widget bundle: .*Start the edge again\./,
    );
    expect(note).toContain('`aurora rollback r-20251122-0430-7k2f` again');
  });

  it('written in the middle of a rollback does not call what still runs a failure', () => {
    const journal = journeys.canaryJourney();
    journal.add('rollback.started', { reason: 'red', only: null });
    journal.add('compensation.started', {
      key: 'note',
      title: 'write the incident note',
      before: {},
    });
    const note = documents.incidentNote(journal.state, journal.entries);
    expect(note).toContain('It had not ended when this was written.');
    expect(note).toContain('Not undone: nothing so far.');
  });

  it('tells the time of every act in UTC, from the broken step on', () => {
    const journal = journeys.rolledBackJourney();
    const timeline = documents
      .incidentNote(journal.state, journal.entries)
      .split('## Timeline (UTC)')[1];
    expect(timeline).toMatch(/2025-11-22 04:30:52 .*rollback started/);
    expect(timeline).toContain('AURORA_WIDGET_ENABLED');
    expect(timeline).not.toContain('step 3/9');
  });

  it('can be written when no release is behind the rollback', () => {
    const journal = journeys.flagsOnlyJourney();
    const note = documents.incidentNote(journal.state, journal.entries);
    expect(note).toContain('the rollback was asked for');
    expect(note).toContain('customers report a broken widget');
  });
});
