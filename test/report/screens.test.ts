import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import type { ReleaseState } from '../../src/release/state.ts';
import { screenLines, screensOf } from '../../src/report/screens.ts';
import { signingPage } from '../../src/report/signing-page.ts';
import { renderTicket } from '../../src/report/ticket.ts';
import { plan } from './journal-builder.ts';
import { binding, waitingJourney } from './journeys.ts';

const file = '/state/releases/r-1/evidence/csat-aaaaaaaaaaaa.png';
const sha256 = 'a'.repeat(64);
const screen: CheckResult = {
  id: 'screens/staging/csat',
  title: 'CSAT in a browser, staging',
  status: 'pass',
  expected: 'everything comes, and a screenshot shows it',
  observed: 'as expected; screenshot',
  evidence: { address: 'https://staging.example/demo', file, sha256, bytes: 10, builds: [] },
};
const link: CheckResult = {
  id: 'links/staging/widget',
  title: 'widget in staging',
  status: 'pass',
  expected: 'opens (200)',
  observed: 'https://staging.example/demo; no screenshot of the dashboards (nobody to be)',
  evidence: {
    address: 'https://staging.example/demo',
    noScreens: ['the dashboards (nobody to be)'],
  },
};

/** A release that waits for the word on step 5, of which these checks were made. */
function waitingWith(checks: readonly CheckResult[]) {
  const { state, entries } = waitingJourney();
  const step = state.steps.get(5);
  if (step === undefined) throw new Error('it waits elsewhere');
  const steps = new Map(state.steps).set(5, { ...step, checks });
  const changed: ReleaseState = { ...state, steps };
  return { state: changed, entries };
}

describe('screenshots in front of whoever signs', () => {
  const { state, entries } = waitingWith([link, screen]);

  it('stand on the page that is read before, each with its file and its digest', () => {
    const page = signingPage(state, plan, { ...binding(state.id), step: 5 });
    expect(page).toContain(`  ${screen.title}: ${file} ${sha256}`);
    expect(page).toContain('No screenshot of the dashboards (nobody to be): look at the links.');
    expect(page).toContain('  widget in staging: https://staging.example/demo');
  });

  it('stand in the ticket', () => {
    const ticket = renderTicket(state, plan, entries);
    expect(ticket).toContain('### Screenshots');
    expect(ticket).toMatch(new RegExp(`CSAT in a browser, staging.*${file}.*${sha256}`));
    expect(ticket).toContain('no screenshot of the dashboards');
  });

  it('are not spoken of where none were asked for', () => {
    const plain = waitingWith([{ ...link, evidence: {} }]);
    expect(renderTicket(plain.state, plan, plain.entries)).not.toContain('### Screenshots');
    expect(screenLines([{ ...link, evidence: {} }])).toEqual([]);
  });

  it('are those of the kind screens only, with a file and a digest', () => {
    const other = { ...screen, id: 'smoke/staging/csat' };
    const half = { ...screen, evidence: { file } };
    expect(screensOf([other, half, screen])).toEqual([{ title: screen.title, file, sha256 }]);
  });
});
