import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { rememberSecret } from '../../src/base/redact.ts';
import { createRenderer, type RendererOptions } from '../../src/ui/renderer.ts';
import { describeTerminal } from '../../src/ui/terminal.ts';
import { type JournalBuilder, plan } from '../report/journal-builder.ts';
import * as journeys from '../report/journeys.ts';
import { lookData, metricsData, proven } from '../report/looks.ts';

async function print(
  journal: JournalBuilder,
  change: Partial<RendererOptions> = {},
): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const terminal = describeTerminal({ isTTY: false, env: {} });
  const renderer = createRenderer({ stdout, stderr: stdout, terminal, plan, ...change });
  for (const entry of journal.entries) renderer.entry(entry);
  await renderer.end();
  return text;
}

describe('plain lines', () => {
  it('tell each step in one stable line', async () => {
    const lines = (await print(journeys.releasedJourney())).split('\n');
    expect(lines).toContain(
      'step 3/9 smoke ... go (6 checks passed, 2.1 s, planned 30 min (30 s, x60))',
    );
    expect(lines.filter((line) => / \.\.\. go \(/.test(line))).toHaveLength(9);
    expect(lines).toContain('released after 59 s (exit 0): all nine gates are go');
  });

  it('hold no ANSI and no signs', async () => {
    for (const journey of [journeys.releasedJourney(), journeys.rolledBackJourney(true)]) {
      expect(await print(journey)).toMatch(/^[\u0020-\u007e\n]*$/);
    }
  });

  it('give expectation, observation, request and remedy of a failed check', async () => {
    const text = await print(journeys.noGoJourney());
    expect(text).toContain(
      [
        'step 3/9 smoke ... check failed: Track Order',
        '    expected order_status, csat_bar',
        '    observed order_status, assistant_text',
        '    request  req_smoke_2',
        '    remedy   Look for csat_bar in the answer of /api/concierge/orders/status.',
        'step 3/9 smoke ... NO-GO (5 of 6 checks passed, 1 failed, 2.1 s, planned 30 min (30 s, x60))',
      ].join('\n'),
    );
  });

  it('end with who must do what', async () => {
    const text = await print(journeys.waitingJourney());
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'next: Product Manager (Omar V.) must approve or reject step 5 (Approve staging results): aurora approve r-20251122-0430-7k2f --step 5 --as "Omar V."',
    );
  });

  it('tell each compensation, and say plainly what failed', async () => {
    const text = await print(journeys.rolledBackJourney(true));
    expect(text).toContain('rollback ... done: switch off AURORA_WIDGET_ENABLED (off for clients)');
    expect(text).toContain('rollback ... FAILED: purge the widget bundle\n    SERVICE_UNREACHABLE');
    expect(text).toContain('    -> Start the edge again.');
    expect(text).toContain('ROLLBACK INCOMPLETE (cdn)');
  });

  it('tell a failed act once, although it is a check too', async () => {
    const journal = journeys.emptyJourney().start(6);
    const one = { step: 6, key: '6/start-slot/production', title: 'start the candidate' };
    journal.add('effect.started', { ...one, before: {} });
    const error = { code: 'EFFECT_FAILED', message: 'exit 1' };
    journal.add('effect.failed', { ...one, error });
    journal.check(6, { id: 'effect/start-slot/production', status: 'fail', observed: 'exit 1' });
    const text = await print(journal.end(6, 'no-go', ['exit 1']));
    expect(text.match(/exit 1/g)).toHaveLength(1);
  });

  it('thin out the progress of a watch', async () => {
    const journal = journeys.emptyJourney().start(7);
    for (let tick = 0; tick < 30; tick += 1) {
      journal.wait(1_000).add('watch.progress', { step: 7, text: `tick ${tick}` });
    }
    const ticks = (await print(journal)).match(/tick \d+/g);
    expect(ticks).toEqual(['tick 0', 'tick 10', 'tick 20']);
  });

  it('tell of a canary what changes, under the look that showed it', async () => {
    const journal = journeys.emptyJourney().start(7);
    for (let look = 0; look < 8; look += 1) {
      const metrics = metricsData(look < 5 ? {} : { errors: proven });
      const progress = { step: 7, text: `look ${look}`, data: lookData({ metrics }) };
      journal.wait(60_000).add('watch.progress', progress);
    }
    const lines = (await print(journal)).split('\n');
    expect(lines.filter((line) => / look \d/.test(line))).toEqual([
      'step 7/9 canary ... look 0',
      'step 7/9 canary ... look 5',
    ]);
    expect(lines).toContain('    errors: collecting evidence -> proven green');
  });

  it('begin with the time when asked to', async () => {
    const text = await print(journeys.noGoJourney(), { timestamps: true });
    expect(text).toMatch(/^04:30:02 step 3\/9 smoke \.\.\. NO-GO/m);
  });

  it('redact secrets and keep control characters of servers out', async () => {
    rememberSecret('another-secret');
    const journal = journeys.emptyJourney().start(1);
    journal.check(1, { id: 'x', status: 'fail', observed: 'a\u001b[31m\nb another-secret' });
    const text = await print(journal);
    expect(text).toContain('    observed a [31m b [secret]');
  });
});
