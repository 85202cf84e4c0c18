import { describe, expect, it } from 'vitest';
import { nextLine, nextStep } from '../../src/report/next-step.ts';
import { JournalBuilder, plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const id = 'r-20251122-0430-7k2f';

describe('next step', () => {
  it('asks the named person for a word, with the exact command of the request', () => {
    const next = nextStep(journeys.waitingJourney().state, plan);
    expect(next.who).toBe('Product Manager (Omar V.)');
    expect(next.what).toContain('step 5');
    expect(next.command).toBe(`aurora approve ${id} --step 5 --as "Omar V."`);
  });

  it('lets a held canary collect more evidence, and names the way out', () => {
    const next = nextStep(journeys.heldJourney().state, plan);
    expect(next.who).toBe('Ops On-call');
    expect(next.what).toContain(`aurora rollback ${id}`);
    expect(next.command).toBe(`aurora resume ${id}`);
  });

  it('asks for a decision when a hold waits for a person', () => {
    const journal = journeys.canaryJourney();
    journal.add('release.held', { step: 7, reason: 'odd numbers', waitsFor: 'person' });
    expect(nextStep(journal.state, plan).what).toContain('decide at step 7');
  });

  it('only watches while a process is at work', () => {
    const next = nextStep(journeys.canaryJourney().state, plan, { alive: true });
    expect(next).toMatchObject({ who: 'Ops On-call', command: `aurora status ${id}` });
  });

  it('resumes when the journal says running and nobody is behind it', () => {
    const next = nextStep(journeys.canaryJourney().state, plan, { alive: false });
    expect(next.command).toBe(`aurora resume ${id}`);
    expect(next.what).toContain('whose process is gone');
  });

  it('resumes after an interruption', () => {
    const journal = journeys.canaryJourney();
    journal.add('release.interrupted', { step: 7, signal: 'SIGINT' });
    expect(nextStep(journal.state, plan).command).toBe(`aurora resume ${id}`);
  });

  it('says what to repair first after an error', () => {
    const journal = journeys.canaryJourney();
    const error = { code: 'STORE_FAILED', message: 'disk full', remedy: 'Free some space.' };
    journal.add('release.failed', { step: 7, error });
    const next = nextStep(journal.state, plan);
    expect(next.what).toContain('STORE_FAILED (Free some space)');
    expect(next.command).toBe(`aurora resume ${id}`);
  });

  it('leaves nothing to do after a release', () => {
    const next = nextStep(journeys.releasedJourney().state, plan);
    expect(next).toMatchObject({ who: 'nobody', command: null });
    expect(nextLine(next)).not.toContain('null');
  });

  it('sends the first failed check of a no-go to the owner of its step', () => {
    const next = nextStep(journeys.noGoJourney().state, plan);
    expect(next.who).toBe('QA Lead (Jamie P.)');
    expect(next.what).toContain('Track Order');
    expect(next.command).toBe('aurora release concierge@1.4.0');
  });

  it('restores the flags after a rollback, and then nothing', () => {
    const journal = journeys.rolledBackJourney();
    expect(nextStep(journal.state, plan).command).toBe(`aurora flag restore ${id}`);
    journal.add('flags.restored', { flags: plan.flags.all });
    expect(nextStep(journal.state, plan).command).toBeNull();
  });

  it('rolls back again when a rollback is incomplete', () => {
    const next = nextStep(journeys.rolledBackJourney(true).state, plan);
    expect(next.what).toContain('cdn');
    expect(next.command).toBe(`aurora rollback ${id}`);
  });

  it('takes a rollback up again when its process is gone', () => {
    const journal = journeys.canaryJourney();
    journal.add('rollback.started', { reason: 'by hand', only: null });
    expect(nextStep(journal.state, plan, { alive: false }).command).toBe(`aurora rollback ${id}`);
    expect(nextStep(journal.state, plan, { alive: true }).command).toBe(`aurora status ${id}`);
  });

  it('restores flags after a rollback with no release behind it', () => {
    const journal = new JournalBuilder().add('rollback.started', { reason: 'x', only: 'flags' });
    journal.add('rollback.ended', { complete: true, failed: [], customersSafe: true, proof: [] });
    journal.add('release.ended', { outcome: 'rollback-only', exit: 5, reason: 'x' });
    expect(nextStep(journal.state, plan).command).toBe(`aurora flag restore ${id}`);
  });

  it('is one line: who must what, and the command last', () => {
    expect(nextLine(nextStep(journeys.rolledBackJourney().state, plan))).toMatch(
      /^next: alex must .+: aurora flag restore \S+$/,
    );
  });
});
