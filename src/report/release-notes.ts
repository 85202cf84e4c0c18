import { redact } from '../base/redact.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';
import { signedLabel } from './approval-words.ts';
import { checksTable } from './check-tables.ts';
import { isKpiCheck, kpiTable } from './kpi-table.ts';
import { cell, codeCell, inline, markdownTable, paragraphs } from './markdown.ts';
import { overridesList } from './override-words.ts';
import { ownerLabel, plannedLabel, scaleOf, statusWord, utcLabel } from './words.ts';

/** Where the canary and the KPIs stand in the plan, by the ids of their checks. */
const watchId = /^(canary|ramp(?:-[\d.]+)?)(?:\/|$)/;
const kpiId = /^post-deploy\//;

/** The release notes of step 9: what went out, on what numbers, on whose word. Secrets redacted. */
export function renderReleaseNotes(
  state: ReleaseState,
  plan: Plan,
  entries: readonly JournalEntry[],
): string {
  const name = state.build === null ? state.id : `${state.build.name} ${state.build.version}`;
  const setAside = overridesList(state);
  const text = paragraphs(
    `# Release notes: ${inline(name)}`,
    factsTable(state, plan),
    '## KPIs after the deploy',
    kpiSection(checksOf(state, kpiId)),
    '## Canary',
    canarySection(state),
    '## Approved by',
    approvals(state),
    setAside === undefined ? undefined : '## Set aside',
    setAside,
    '## Known amber',
    ambers(state, entries),
  );
  return redact(`${text}\n`);
}

function factsTable(state: ReleaseState, plan: Plan): string {
  const { build, created, facts } = state;
  const stable = created?.stable;
  const rows: string[][] = [
    ['Release', codeCell(state.id)],
    ['Build', build === null ? '-' : codeCell(build.digest)],
    [
      'Takes the place of',
      stable === null || stable === undefined
        ? 'nothing (first launch)'
        : `${cell(stable.name)} ${cell(stable.version)}, build ${codeCell(shortDigest(stable.digest))}`,
    ],
    ['Plan', `${plan.version} of ${plan.date}`],
    ['Started', `${utcLabel(state.createdAt)} UTC by ${cell(state.starter || '-')}`],
    ['First customers (canary)', instant(facts.deployedAt)],
    ['All customers', instant(facts.rampedAt)],
  ];
  if (created?.rehearsal === true) {
    rows.push(['Rehearsal', `yes, watch windows divided by ${created.timeScale}`]);
  }
  return markdownTable(['Fact', 'Value'], rows);
}

const instant = (ms: number | undefined) =>
  ms === undefined ? 'not recorded' : `${utcLabel(new Date(ms).toISOString())} UTC`;

function checksOf(state: ReleaseState, id: RegExp): readonly CheckResult[] {
  return [...state.steps.values()].flatMap((step) => step.checks.filter((c) => id.test(c.id)));
}

/** `Step 8: after the ramp to 25 %`, from the id that a watch gives its checks. */
function watchTitle(step: number, watch: string): string {
  const share = /^ramp-(.+)$/.exec(watch)?.[1];
  const what =
    watch === 'canary' ? 'canary' : `after the ramp${share === undefined ? '' : ` to ${share} %`}`;
  return `### Step ${step}: ${what}`;
}

/** Each watch with its verdict first: a canary, a stage of the ramp, everybody. */
function canarySection(state: ReleaseState): string {
  const watches = new Map<string, { readonly title: string; readonly checks: CheckResult[] }>();
  for (const { step, checks } of state.steps.values()) {
    for (const check of checks) {
      const watch = watchId.exec(check.id)?.[1];
      if (watch === undefined) continue;
      const known = watches.get(watch) ?? { title: watchTitle(step, watch), checks: [] };
      known.checks.push(check);
      watches.set(watch, known);
    }
  }
  const all = [...watches.values()].flatMap(({ title, checks }) => [title, checksTable(checks)]);
  return all.length === 0 ? 'No canary was measured.' : paragraphs(...all);
}

/** The KPIs against their baseline first, then what else was asked after the deploy. */
function kpiSection(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return 'No KPI was measured.';
  const others = checks.filter((check) => !isKpiCheck(check));
  return paragraphs(kpiTable(checks), others.length === 0 ? undefined : checksTable(others));
}

function approvals(state: ReleaseState): string {
  const lines = [...state.steps.values()].flatMap(({ step, approvals: given }) =>
    given.map((approval) => {
      const who = inline(ownerLabel({ role: approval.role, name: approval.name }));
      const comment = approval.comment === null ? '' : `: "${inline(approval.comment)}"`;
      return `- Step ${step}: ${who}, ${inline(signedLabel(approval))}${comment}`;
    }),
  );
  return lines.length === 0 ? 'Nobody was asked.' : lines.join('\n');
}

/** A guard that few customers came by: it held nothing, and proved nothing. */
const isUnjudged = (check: CheckResult) => check.status === 'pass' && check.band === 'amber';

const isAmber = (check: CheckResult) =>
  !isUnjudged(check) &&
  ((check.band !== undefined && check.band !== 'green') || check.status !== 'pass');

function amberLine(step: number, check: CheckResult): string {
  const n = check.n === undefined ? '' : `, n = ${check.n}`;
  const word = check.band ?? statusWord(check.status);
  return `- Step ${step}: ${inline(check.title)}: ${word} (${inline(check.observed)}${n})`;
}

function unjudgedLines(step: number, checks: readonly CheckResult[]): readonly string[] {
  const guards = checks.filter(isUnjudged).map(({ title, n }) => `${title} (n = ${n ?? 0})`);
  return guards.length === 0
    ? []
    : [`- Step ${step}: too few samples to judge these guards: ${inline(guards.join('; '))}`];
}

/** What was not green on the way: bands, gates that held, steps that took longer than planned. */
function ambers(state: ReleaseState, entries: readonly JournalEntry[]): string {
  const checks = [...state.steps.values()].flatMap(({ step, checks: all }) => [
    ...all.filter(isAmber).map((check) => amberLine(step, check)),
    ...unjudgedLines(step, all),
  ]);
  const holds = entries.flatMap((entry) =>
    entry.type === 'release.held' && entry.data.waitsFor !== 'approval'
      ? [
          `- Step ${entry.data.step} was held at ${utcLabel(entry.at)} UTC: ${inline(entry.data.reason)}`,
        ]
      : [],
  );
  const late = [...state.steps.values()].flatMap((step) => {
    if (step.endedAt === null) return [];
    const took = Date.parse(step.endedAt) - Date.parse(step.startedAt);
    const scale = scaleOf(state, step.step);
    if (took <= step.plannedMs / scale) return [];
    return [
      `- Step ${step.step} took longer than its planned ${plannedLabel(step.plannedMs, scale)}`,
    ];
  });
  const lines = [...checks, ...holds, ...late];
  return lines.length === 0 ? 'None: every band was green.' : lines.join('\n');
}
