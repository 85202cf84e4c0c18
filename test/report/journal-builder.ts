import type { CheckResult, Verdict } from '../../src/checks/check.ts';
import type { Plan, PlanStep } from '../../src/plan/plan.ts';
import type { EventData, EventType, JournalEntry } from '../../src/release/events.ts';
import { foldJournal, type ReleaseState } from '../../src/release/state.ts';

const rules = {
  fail: 'no-go',
  inconclusive: 'no-go',
  error: 'no-go',
  catastrophe: 'no-go',
} as const;

const minutes = 60_000;

function row(
  step: number,
  id: string,
  title: string,
  owner: [role: string, name: string | null],
  durationMin: number,
  description: string,
  criterion: string,
): PlanStep {
  return {
    step,
    id,
    title,
    owner: { role: owner[0], name: owner[1] },
    durationMs: durationMin * minutes,
    description,
    criterion,
    moves: [],
    verdicts: rules,
  };
}

/** The plan as the tests of this room know it: the nine rows of the seed's table. */
export const plan: Plan = {
  title: 'Aurora Concierge Deployment & Rollback Plan',
  version: '1.0.0',
  date: '2025-10-10',
  digest: 'c0ffee'.padEnd(64, '1'),
  directory: 'checklists',
  flags: {
    canary: 'AURORA_WIDGET_ENABLED',
    all: ['AURORA_WIDGET_ENABLED', 'AURORA_TIMELINE_ENABLED', 'AURORA_RETURNS_ENABLED'],
    environment: 'production',
  },
  freezes: [],
  overrides: { roles: [] },
  people: { tell: [], turn: true, overdue: true },
  steps: [
    row(
      1,
      'environment',
      'Verify environment matrix',
      ['DevOps', 'Alex W.'],
      30,
      'Verify environment matrix: staging `.env` points to staging endpoints; production `.env` to prod endpoints (`CONCIERGE_*`). Document in release ticket.',
      '**No-Go** if any endpoint unset/mismatched.',
    ),
    row(
      2,
      'pre-flight',
      'Pre-flight',
      ['Platform Eng', 'Maya T.'],
      15,
      'Pre-flight: fetch secrets from vault, ensure Mongo indexes exist (`widgetShortlists.sessionId`, `capsuleHolds.expiresAt`). Confirm `AURORA_FAKE_MODE=false`.',
      '**No-Go** if indexes missing or stubs enabled.',
    ),
    row(
      3,
      'smoke',
      'Smoke checklist on staging',
      ['QA Lead', 'Jamie P.'],
      30,
      'Smoke checklist on staging (1 interaction each: Find Product, Track Order, Returns, Capsule, Stylist, CSAT). Capture requestIds.',
      '**No-Go** if any fail.',
    ),
    row(
      4,
      'deploy-staging',
      'Deploy staging',
      ['DevOps', null],
      10,
      'Deploy staging services (`/api/concierge/*`). Monitor logs for 10 min.',
      '**No-Go** if 5xx spikes.',
    ),
    row(
      5,
      'approve-staging',
      'Approve staging results',
      ['Product Manager', 'Omar V.'],
      15,
      'Approve staging results (widget + dashboard views).',
      '**No-Go** without PM sign-off.',
    ),
    row(
      6,
      'deploy-production',
      'Deploy to production at 5% canary',
      ['DevOps', null],
      10,
      'Deploy to production; enable feature flag `AURORA_WIDGET_ENABLED` at 5% canary.',
      '**No-Go** if deploy fails.',
    ),
    row(
      7,
      'canary',
      'Monitor canary',
      ['Ops On-call', null],
      30,
      'Monitor canary: latency < thresholds, error rate <0.5%, CSAT stable.',
      '**No-Go** if metrics outside green.',
    ),
    row(
      8,
      'ramp',
      'Ramp flag to 100%',
      ['DevOps', null],
      5,
      'Ramp flag to 100% if canary healthy.',
      'Pause if amber/red metrics.',
    ),
    row(
      9,
      'post-deploy',
      'Post-deploy verification',
      ['Analytics', 'Leo M.'],
      15,
      'Post-deploy queries & KPI check (capsule conversion, CSAT). Document in release notes.',
      'Rollback if KPIs degrade significantly (>20% drop).',
    ),
  ],
  rollback: [],
};

export const candidate = {
  name: 'concierge',
  version: '1.4.0',
  digest: '3f2a9c1b7d0e'.padEnd(64, 'a'),
};
export const stable = {
  name: 'concierge',
  version: '1.3.0',
  digest: '91d4e07f22c6'.padEnd(64, 'b'),
};

const first = Date.parse('2025-11-22T04:30:00.000Z');

/** Writes journal entries the way a release does: sequence numbers and times by itself. */
export class JournalBuilder {
  readonly entries: JournalEntry[] = [];
  #at = first;
  constructor(readonly release = 'r-20251122-0430-7k2f') {}

  /** Lets time pass, milliseconds. */
  wait(ms: number): this {
    this.#at += ms;
    return this;
  }

  add<T extends EventType>(type: T, data: EventData[T], actor = 'alex'): this {
    const entry = {
      v: 1,
      release: this.release,
      seq: this.entries.length + 1,
      prev: '0'.repeat(64),
      at: new Date(this.#at).toISOString(),
      actor,
      type,
      data,
    } as const;
    this.entries.push(entry as unknown as JournalEntry);
    return this;
  }

  create(change: Partial<EventData['release.created']> = {}): this {
    return this.add('release.created', {
      project: 'glowglitch',
      build: candidate,
      stable,
      plan: { version: plan.version, digest: plan.digest, directory: plan.directory },
      timeScale: 60,
      rehearsal: true,
      connect: { 'https://api.glowglitch.com': 'http://127.0.0.1:20080' },
      ...change,
    });
  }

  start(step: number): this {
    const plannedMs = plan.steps.find((r) => r.step === step)?.durationMs ?? 0;
    return this.add('step.started', { step, plannedMs });
  }

  check(step: number, result: Partial<CheckResult> & { id: string }): this {
    const full: CheckResult = {
      title: result.id,
      status: 'pass',
      expected: 'as planned',
      observed: 'as planned',
      ...result,
    };
    return this.add('check.done', { step, move: 0, result: full });
  }

  effect(step: number, key: string, title: string, observed: string): this {
    return this.add('effect.started', { step, key, title, before: {} })
      .wait(300)
      .add('effect.done', { step, key, title, already: false, expected: observed, observed });
  }

  end(step: number, verdict: Verdict, reasons: readonly string[] = []): this {
    return this.add('step.ended', { step, verdict, reasons, evidence: `e${step}`.padEnd(64, '0') });
  }

  get state(): ReleaseState {
    return foldJournal(this.release, this.entries);
  }
}
