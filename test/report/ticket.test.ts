import { describe, expect, it } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import { renderTicket } from '../../src/report/ticket.ts';
import { candidate, type JournalBuilder, plan, stable } from './journal-builder.ts';
import * as journeys from './journeys.ts';

const ticketOf = (journal: JournalBuilder) => renderTicket(journal.state, plan, journal.entries);
const rowOf = (text: string, start: string) => text.split('\n').find((l) => l.startsWith(start));
const stepOf = (text: string, step: number) =>
  text.split(`\n## Step ${step}: `)[1]?.split('\n## ')[0];

describe('release ticket', () => {
  const ticket = ticketOf(journeys.releasedJourney());

  it('names release, build, stable build, plan, people and outcome', () => {
    for (const fact of [
      'r-20251122-0430-7k2f',
      `concierge 1.4.0, \`${candidate.digest}\``,
      `concierge 1.3.0, \`${stable.digest}\``,
      `\`${plan.digest}\``,
      '2025-11-22 04:30:00 UTC by alex',
      '**released (exit 0)**',
      '| Time scale          | x60 ',
      'yes, no customers',
    ]) {
      expect(ticket).toContain(fact);
    }
  });

  it('shows where requests were really connected', () => {
    expect(ticket).toContain('| `https://api.glowglitch.com` | `http://127.0.0.1:20080` |');
  });

  it('prints planned beside actual for all nine steps', () => {
    for (const row of plan.steps) {
      expect(rowOf(ticket, `| ${row.step} `)).toMatch(/min \(\d+ s, x60\) +\| +\d.* +\| go /);
    }
    expect(rowOf(ticket, '| 3 ')).toContain('30 min (30 s, x60)');
    expect(rowOf(ticket, '| 5 ')).toContain('Omar V. ');
  });

  it('carries description and criterion of every step word for word', () => {
    for (const row of plan.steps) {
      expect(stepOf(ticket, row.step)).toContain(`> ${row.description}`);
      expect(stepOf(ticket, row.step)).toContain(row.criterion);
    }
  });

  it('holds the whole environment matrix, a row for each of the ten variables', () => {
    expect(journeys.matrixVariables).toHaveLength(10);
    for (const variable of journeys.matrixVariables) {
      const row = rowOf(stepOf(ticket, 1) ?? '', `| \`${variable}\``);
      expect(row).toMatch(/staging.*\|.*(api\.glowglitch|aurora-prod).*\| ok/);
    }
  });

  it('holds every request id and the sample size of every metric', () => {
    for (const id of [1, 2, 3, 4, 5, 6]) {
      expect(stepOf(ticket, 3)).toContain(`\`req_smoke_${id}\``);
      expect(stepOf(ticket, 4)).toContain(`\`req_slot_${id}\``);
    }
    for (const metric of journeys.greenMetrics) {
      const row = rowOf(stepOf(ticket, 7) ?? '', `| passed | ${metric.title}`);
      expect(row).toContain(`| ${metric.n} `);
      expect(row).toContain(metric.band);
    }
  });

  it('says that an unsigned approval is unsigned, and what it is bound to', () => {
    const step = stepOf(ticket, 5);
    expect(step).toContain('Approved by Omar V. (Product Manager) at 2025-11-22 04:30:22 UTC');
    expect(step).toContain('**UNSIGNED** (the plan allows it): nothing proves who gave it');
    expect(step).toContain(`\`${candidate.digest}\``);
    expect(step).toContain(`\`${plan.digest}\``);
  });

  it('tells what each effect was verified by', () => {
    expect(stepOf(ticket, 6)).toMatch(
      /done +\| AURORA_WIDGET_ENABLED at 5 % canary +\| candidate seen at 5 %/,
    );
  });

  it('keeps a failed check with its remedy, and the steps behind it as not reached', () => {
    const text = ticketOf(journeys.noGoJourney());
    expect(rowOf(text, '| 3 ')).toContain('**NO-GO**');
    expect(rowOf(text, '| 4 ')).toContain('not reached');
    expect(stepOf(text, 3)).toContain('Look for csat_bar');
    expect(stepOf(text, 9)).toContain('Not reached.');
  });

  it('shows a mismatch of the matrix with both values', () => {
    const id = 'environment-matrix/production/CONCIERGE_CSAT_ENDPOINT';
    const journal = journeys.emptyJourney().start(1);
    const wrong = { status: 'fail', observed: 'unset', remedy: 'Set it.' } as const;
    for (const check of journeys.matrixChecks({ [id]: wrong })) journal.check(1, check);
    const step = stepOf(ticketOf(journal.end(1, 'no-go', ['unset'])), 1) ?? '';
    const row = rowOf(step, '| `CONCIERGE_CSAT_ENDPOINT`');
    expect(row).toContain('**`unset`**, expected `https://api.glowglitch.com/api/analytics/csat`');
    expect(row).toContain('**failed**');
    expect(step).toContain('Set it.');
  });

  it('tells each compensation of a rollback and what was seen', () => {
    const text = ticketOf(journeys.rolledBackJourney(true));
    const section = text.split('\n## Rollback')[1] ?? '';
    for (const flag of plan.flags.all) expect(section).toContain(`switch off ${flag}`);
    expect(section).toMatch(/\*\*FAILED\*\* .*purge the widget bundle.*SERVICE_UNREACHABLE/);
    expect(section).toContain('40 of 40 outside requests');
    expect(section).toContain('Start the edge again.');
  });

  it('remembers holds and second attempts that the folded state forgets', () => {
    const journal = journeys.heldJourney();
    journal.add('release.resumed', { from: 7 }).start(7);
    for (const check of journeys.greenMetrics) journal.check(7, check);
    const step = stepOf(ticketOf(journal.end(7, 'go')), 7);
    expect(step).toContain('held: errors: too few sessions to prove green');
    expect(step).toContain('attempt 2 began');
  });

  it('survives pipes, line breaks and markup in what was observed', () => {
    const journal = journeys.emptyJourney().start(2);
    journal.check(2, { id: 'x', title: 'a|b', observed: 'one\n| two | <script>' });
    const step = stepOf(ticketOf(journal), 2) ?? '';
    expect(step).toContain('a\\|b');
    expect(step).toContain('one \\| two \\| &lt;script>');
    expect(step.split('\n').filter((line) => line.startsWith('| two'))).toEqual([]);
  });

  it('redacts secrets', () => {
    rememberSecret('hunter2-hunter2');
    const journal = journeys.emptyJourney().start(2);
    journal.check(2, { id: 'x', observed: 'key hunter2-hunter2' });
    expect(ticketOf(journal)).toContain('key [secret]');
    expect(ticketOf(journal)).not.toContain('hunter2-hunter2');
  });

  it('can be written of a rollback that has no release behind it', () => {
    const journal = journeys.flagsOnlyJourney();
    expect(ticketOf(journal)).toContain('Only the flags were switched off');
  });
});
