import type { CheckResult } from '../../src/checks/check.ts';
import type { ApprovalBinding } from '../../src/release/events.ts';
import { candidate, JournalBuilder, plan, stable } from './journal-builder.ts';

const endpoints: readonly [variable: string, path: string][] = [
  ['CONCIERGE_PRODUCTS_ENDPOINT', '/api/concierge/products'],
  ['CONCIERGE_ORDER_STATUS_ENDPOINT', '/api/concierge/orders/status'],
  ['CONCIERGE_RETURNS_ENDPOINT', '/api/concierge/orders/returns'],
  ['CONCIERGE_CAPSULE_ENDPOINT', '/api/concierge/capsule'],
  ['CONCIERGE_STYLIST_ENDPOINT', '/api/concierge/stylist'],
  ['CONCIERGE_CSAT_ENDPOINT', '/api/analytics/csat'],
  ['CONCIERGE_SHORTLIST_ENDPOINT', '/api/concierge/shortlist'],
  ['CONCIERGE_INSPIRATION_ENDPOINT', '/api/concierge/inspiration'],
  ['CONCIERGE_ORDER_UPDATES_ENDPOINT', '/api/concierge/order-updates'],
];

const hosts = {
  staging: 'https://staging.api.glowglitch.com',
  production: 'https://api.glowglitch.com',
} as const;

/** The ten variables of the matrix. */
export const matrixVariables = [...endpoints.map(([variable]) => variable), 'CONCIERGE_API_KEY'];

/** The twenty results of step 1; `change` replaces some, by id. */
export function matrixChecks(
  change: Readonly<Record<string, Partial<CheckResult>>> = {},
): CheckResult[] {
  return (['staging', 'production'] as const).flatMap((environment) =>
    matrixVariables.map((variable) => {
      const path = endpoints.find(([name]) => name === variable)?.[1];
      const value =
        path === undefined
          ? `vault:aurora-${environment === 'staging' ? 'staging' : 'prod'}-api-key`
          : `${hosts[environment]}${path}`;
      const id = `environment-matrix/${environment}/${variable}`;
      return {
        id,
        title: `${variable} in ${environment}`,
        status: 'pass' as const,
        expected: value,
        observed: value,
        ...change[id],
      };
    }),
  );
}

export const interactions = [
  ['Find Product', 'assistant_text, product_card, offer_card'],
  ['Track Order', 'order_status, csat_bar'],
  ['Returns', 'assistant_text, escalation_form'],
  ['Capsule', 'offer_card, assistant_text'],
  ['Stylist', 'escalation_form -> assistant_text'],
  ['CSAT', 'csat_bar -> aurora_csat_submitted'],
] as const;

/** Six smoke results with the request ids `req_<prefix>_1` to `_6`. */
export function smokeChecks(prefix: string): CheckResult[] {
  return interactions.map(([title, types], index) => ({
    id: `smoke/staging/${title.toLowerCase().replace(' ', '-')}`,
    title,
    status: 'pass',
    expected: types,
    observed: types,
    requestIds: [`req_${prefix}_${index + 1}`],
  }));
}

/** The canary metrics at their end, all green. */
export const greenMetrics: CheckResult[] = [
  {
    id: 'canary/errors',
    title: 'sessions with an error',
    status: 'pass',
    expected: 'below 0.5 %',
    observed: '0 of 912 sessions (0.00 %), proven below 0.5 %',
    n: 912,
    band: 'green',
  },
  {
    id: 'canary/latency/products',
    title: 'products slower than 300 ms',
    status: 'pass',
    expected: 'below 5 % of requests',
    observed: '11 of 1840 (0.60 %), p95 24 ms',
    n: 1840,
    band: 'green',
  },
  {
    id: 'canary/csat',
    title: 'unhappy answers',
    status: 'pass',
    expected: 'below 40 %',
    observed: '27 of 268 (10.07 %)',
    n: 268,
    band: 'green',
  },
  {
    id: 'canary/latency/stylist',
    title: 'stylist slower than 500 ms',
    status: 'pass',
    expected: 'below 5 % of requests',
    observed: '1 of 44 (2.27 %), p95 31 ms',
    n: 44,
    band: 'amber',
  },
];

export function binding(release: string): ApprovalBinding {
  return {
    release,
    step: 5,
    plan: plan.digest,
    build: candidate.digest,
    environment: 'production',
    evidence: 'e4'.padEnd(64, '0'),
    journal: '1a'.padEnd(64, '0'),
    verdict: 'go',
    nonce: 'n-1',
    expires: '2025-11-22T08:30:00.000Z',
  };
}

function throughStep3(): JournalBuilder {
  const journal = new JournalBuilder().create().wait(40);
  journal.add('lease.acquired', {
    environment: 'production',
    fence: 7,
    holder: 'alex@laptop/4711',
  });
  journal.start(1);
  for (const check of matrixChecks()) journal.wait(3).check(1, check);
  journal.end(1, 'go').start(2);
  journal
    .wait(210)
    .check(2, {
      id: 'secrets/staging/CONCIERGE_API_KEY',
      title: 'secret CONCIERGE_API_KEY of staging',
      expected: 'present',
      observed: 'present, 40 characters',
    })
    .check(2, {
      id: 'indexes/production/csatFeedback.sessionId',
      title: 'index csatFeedback.sessionId in production',
      expected: 'an index led by sessionId',
      observed: 'sessionId_1',
    })
    .end(2, 'go');
  return journal.start(3);
}

function throughStep6(): JournalBuilder {
  const journal = throughStep3();
  for (const check of smokeChecks('smoke')) journal.wait(350).check(3, check);
  journal.end(3, 'go').start(4);
  journal.effect(4, 'staging/start', 'start the candidate in staging green', 'build 3f2a9c1b7d0e');
  for (const check of smokeChecks('slot')) journal.wait(200).check(4, check);
  journal.effect(4, 'staging/route', 'route staging to green', 'outside answers: 3f2a9c1b7d0e');
  journal.add('watch.progress', { step: 4, text: '118 requests, no 5xx, 4 s to go' }).wait(10_000);
  journal.check(4, {
    id: 'clean-log/staging',
    title: 'no 5xx spike in staging',
    expected: 'below 0.5 % of at least 200 requests',
    observed: '0 of 214 requests',
    n: 214,
  });
  journal.end(4, 'go').start(5);
  journal.check(5, {
    id: 'links/widget',
    title: 'view widget',
    expected: '200',
    observed: 'http://127.0.0.1:20090/widget',
  });
  journal.add('approval.requested', {
    step: 5,
    role: 'Product Manager',
    name: 'Omar V.',
    count: 1,
    eligible: null,
    binding: binding(journal.release),
    expiresAt: Date.parse('2025-11-22T08:30:00Z'),
    command: `aurora approve ${journal.release} --step 5 --as "Omar V."`,
  });
  return journal;
}

function throughCanaryStart(): JournalBuilder {
  const journal = throughStep6();
  journal
    .wait(8_000)
    .add(
      'approval.given',
      {
        step: 5,
        by: 'Omar V.',
        name: 'Omar V.',
        role: 'Product Manager',
        statement: '{}',
        signature: null,
        key: null,
        signed: false,
        comment: 'Widget and dashboards look right | go',
        binding: binding(journal.release),
      },
      'omar',
    )
    .end(5, 'go')
    .start(6)
    .effect(6, 'production/start', 'start the candidate in production green', 'build 3f2a9c1b7d0e')
    .effect(6, 'flag/candidate', 'AURORA_WIDGET_ENABLED at 5 % canary', 'candidate seen at 5 %')
    .check(6, {
      id: 'flag-state/production',
      title: 'canary share seen by clients',
      expected: '5 %',
      observed: '5 %',
    })
    .end(6, 'go')
    .start(7);
  for (const second of [5, 15, 25]) {
    journal.wait(10_000).add('watch.progress', {
      step: 7,
      text: `errors 0 of ${second * 30} sessions, green in about ${30 - second} s`,
    });
  }
  return journal;
}

/** A whole release that ends well. */
export function releasedJourney(): JournalBuilder {
  const journal = throughCanaryStart();
  for (const check of greenMetrics) journal.check(7, check);
  journal.end(7, 'go').start(8);
  journal.effect(8, 'flag/ramp', 'AURORA_WIDGET_ENABLED at 100 %', 'candidate seen at 100 %');
  journal.check(8, {
    id: 'answers-build/production',
    title: 'the candidate answers everybody',
    expected: '20 of 20 sessions',
    observed: '20 of 20 sessions',
    requestIds: ['req_ramp_1', 'req_ramp_2'],
  });
  journal.end(8, 'go').start(9).wait(6_000);
  journal.check(9, {
    id: 'post-deploy/capsule-conversion',
    title: 'capsule conversion against the baseline',
    expected: 'within 10 % of 30.0 %',
    observed: '29.4 % (-2.0 %)',
    n: 1210,
    band: 'green',
  });
  journal.check(9, {
    id: 'post-deploy/csat-negative',
    title: 'share of unhappy answers',
    expected: 'at most 40 %',
    observed: '10.4 %',
    n: 402,
    band: 'green',
  });
  journal.effect(9, 'promote', 'the candidate becomes the stable build', 'stable is 3f2a9c1b7d0e');
  journal.end(9, 'go');
  journal.add('document.written', { kind: 'ticket', path: '.aurora/releases/x/ticket.md' });
  journal.add('document.written', { kind: 'release-notes', path: '.aurora/releases/x/notes.md' });
  return journal.add('release.ended', {
    outcome: 'released',
    exit: 0,
    reason: 'all nine gates are go',
  });
}

/** A smoke interaction fails at step 3. */
export function noGoJourney(): JournalBuilder {
  const journal = throughStep3();
  for (const check of smokeChecks('smoke')) {
    journal.wait(350).check(
      3,
      check.title === 'Track Order'
        ? {
            ...check,
            status: 'fail',
            observed: 'order_status, assistant_text',
            remedy: 'Look for csat_bar in the answer of /api/concierge/orders/status.',
          }
        : check,
    );
  }
  const reason = 'Track Order: expected order_status, csat_bar, saw order_status, assistant_text';
  journal.end(3, 'no-go', [reason]);
  journal.add('document.written', { kind: 'ticket', path: '.aurora/releases/x/ticket.md' });
  return journal.add('release.ended', { outcome: 'no-go', exit: 3, reason });
}

/** The release waits for the product manager. */
export function waitingJourney(): JournalBuilder {
  const journal = throughStep6();
  return journal.add('release.held', {
    step: 5,
    reason: 'waits for the word of Omar V.',
    waitsFor: 'approval',
  });
}

/** Too little traffic at step 7. */
export function heldJourney(): JournalBuilder {
  const journal = throughCanaryStart();
  journal.check(7, {
    id: 'canary/errors',
    title: 'sessions with an error',
    status: 'inconclusive',
    expected: 'below 0.5 %',
    observed: '0 of 40 sessions: 640 more clean ones are needed',
    n: 40,
    band: 'amber',
    remedy: 'Let the canary run on; at this traffic it takes about 8 min.',
  });
  const reason = 'errors: too few sessions to prove green';
  journal.end(7, 'hold', [reason]);
  return journal.add('release.held', { step: 7, reason, waitsFor: 'evidence' });
}

/** In the middle of the canary. */
export function canaryJourney(): JournalBuilder {
  return throughCanaryStart();
}

/** Red at step 7, and a rollback; with `failing` one compensation fails. */
export function rolledBackJourney(failing = false): JournalBuilder {
  const journal = throughCanaryStart();
  journal.check(7, {
    id: 'canary/errors',
    title: 'sessions with an error',
    status: 'fail',
    expected: 'below 0.5 %',
    observed: '31 of 148 sessions (20.95 %), proven above 0.5 %',
    n: 148,
    band: 'red',
    catastrophe: false,
    requestIds: ['req_bad_1', 'req_bad_2'],
    remedy: 'Read the slot log for these requests.',
  });
  const reason = 'sessions with an error: 31 of 148 (20.95 %), limit 0.5 %';
  journal.end(7, 'rollback', [reason]);
  journal.add('rollback.started', { reason, only: null });
  for (const flag of plan.flags.all) {
    const title = `switch off ${flag}`;
    journal.add('compensation.started', { key: `flag/${flag}`, title, before: { enabled: true } });
  }
  for (const flag of plan.flags.all) {
    journal.wait(60).add('compensation.done', {
      key: `flag/${flag}`,
      title: `switch off ${flag}`,
      already: flag !== 'AURORA_WIDGET_ENABLED',
      expected: 'off for clients',
      observed: 'off for clients',
    });
  }
  journal.add('compensation.started', { key: 'cdn', title: 'purge the widget bundle', before: {} });
  if (failing) {
    journal.add('compensation.failed', {
      key: 'cdn',
      title: 'purge the widget bundle',
      error: {
        code: 'SERVICE_UNREACHABLE',
        message: 'no answer within 3000 ms',
        where: 'http://127.0.0.1:20081',
        remedy: 'Start the edge again.',
      },
    });
  } else {
    journal.wait(90).add('compensation.done', {
      key: 'cdn',
      title: 'purge the widget bundle',
      already: false,
      expected: 'MISS',
      observed: 'x-cache: MISS',
    });
  }
  journal.add('rollback.ended', {
    complete: !failing,
    failed: failing ? ['cdn'] : [],
    customersSafe: true,
    proof: [`40 of 40 outside requests answered by ${stable.digest.slice(0, 12)}`],
  });
  journal.add('document.written', {
    kind: 'incident-note',
    path: '.aurora/releases/x/incident-note.md',
  });
  return journal.add('release.ended', {
    outcome: failing ? 'rollback-incomplete' : 'rolled-back',
    exit: failing ? 6 : 5,
    reason,
  });
}

/** A release that has just begun. */
export function emptyJourney(): JournalBuilder {
  return new JournalBuilder().create();
}

/** An emergency: flags off, with no release behind it. */
export function flagsOnlyJourney(): JournalBuilder {
  const journal = new JournalBuilder('r-rollback');
  journal.add('rollback.started', { reason: 'customers report a broken widget', only: 'flags' });
  const one = { key: 'flags', title: 'switch the flags off' };
  journal.add('compensation.started', { ...one, before: {} }).wait(80);
  journal.add('compensation.done', { ...one, already: false, expected: 'off', observed: 'off' });
  journal.add('rollback.ended', {
    complete: true,
    failed: [],
    customersSafe: true,
    proof: ['hidden'],
  });
  return journal.add('release.ended', { outcome: 'rollback-only', exit: 5, reason: 'by hand' });
}
