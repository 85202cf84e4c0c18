import { describe, expect, it } from 'vitest';
import type { EventData } from '../../src/release/events.ts';
import { createDocuments } from '../../src/report/documents.ts';
import { releaseDocument } from '../../src/report/json.ts';
import { narrate } from '../../src/report/narrate.ts';
import { statusLines } from '../../src/ui/status.ts';
import { describeTerminal } from '../../src/ui/terminal.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { plan } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const key = { fingerprint: 'SHA256:abc', text: 'ssh-ed25519 AAAA' };
const person = { by: 'rita.m@aurora.example', role: 'Release Manager', signed: true };
const freeze: EventData['override.given'] = {
  ...{ subject: 'freeze', about: 'Black Week', reason: 'hotfix for checkout', ...person },
  ...{ statement: '{}', signature: 'x', key },
};

/** A held release in which a window was overridden and a step skipped. */
function journey() {
  const journal = journeys.heldJourney();
  return journal
    .add('release.resumed', { from: 7 })
    .add('override.given', freeze)
    .add('override.given', { ...freeze, subject: 'skip', about: '7', reason: 'seen by hand' })
    .add('step.skipped', { step: 7, reason: 'seen by hand', ...person });
}

describe('what was set aside', () => {
  const { state, entries } = journey();
  const { ticket, releaseNotes } = createDocuments(plan);

  it('stands in the ticket with who, why and which key, and the step is no plain go there', () => {
    const text = ticket(state, entries);
    const [, section = ''] = text.split('## Set aside');
    expect(section).toContain('freeze "Black Week"');
    expect(section).toContain('rita.m@aurora.example (Release Manager)');
    expect(section).toContain('hotfix for checkout');
    expect(section).toContain('SHA256:abc');
    expect(text).toMatch(/\| 7 +\|.*\*\*skipped\*\*/);
    expect(text).toContain(
      'This step was skipped by rita.m@aurora.example (Release Manager): seen by hand',
    );
  });

  it('stands in the release notes', () => {
    const [, section = ''] = releaseNotes(state, entries).split('## Set aside');
    expect(section).toContain(
      'freeze "Black Week" overridden by rita.m@aurora.example (Release Manager), signed',
    );
    expect(section).toContain('step 7 skipped by');
  });

  it('is shown by status, and told to programs', () => {
    const theme = createTheme(describeTerminal({ isTTY: false, env: { NO_COLOR: '1' } }));
    const text = statusLines(state, plan, { theme, now: Date.now() }).join('\n');
    expect(text).toContain('hotfix for checkout');
    expect(text).toMatch(/7 .*skipped/);
    expect(releaseDocument(state, plan)).toMatchObject({
      overrides: [{ about: 'Black Week' }, { about: '7' }],
    });
  });

  it('is no part of documents of a release that kept to the plan', () => {
    const kept = journeys.releasedJourney();
    const texts = [ticket(kept.state, kept.entries), releaseNotes(kept.state, kept.entries)];
    expect(texts.filter((text) => text.includes('Set aside'))).toEqual([]);
  });
});

describe('an owner who was told', () => {
  const scene = { plan, state: journey().state };
  const told: EventData['owner.told'] = {
    ...{ step: 5, owner: 'Product Manager (Omar V.)', why: 'turn', over: '#ops', ok: true },
  };
  const linesOf = (data: EventData['owner.told']) =>
    narrate({ ...journey().entries[0], type: 'owner.told', data } as never, scene).map(
      ({ text }) => text,
    );

  it('is a quiet line when it takes long, and a plain one where the message did not arrive', () => {
    expect(linesOf(told)).toEqual([]);
    expect(linesOf({ ...told, why: 'overdue' })).toEqual([
      expect.stringMatching(/^step 5\/9 .* told over #ops: it takes longer than planned$/),
    ]);
    const error = { code: 'SERVICE_UNREACHABLE', message: 'no answer' };
    expect(linesOf({ ...told, why: 'overdue', ok: false, error })).toEqual([
      expect.stringContaining('could NOT be told over #ops: no answer'),
    ]);
  });
});
