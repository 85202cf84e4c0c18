import { z } from 'zod';
import type { CheckResult } from '../checks/check.ts';
import { formatShare } from '../judge/words.ts';
import { cell, markdownTable, paragraphs } from './markdown.ts';
import { statusWord, utcLabel } from './words.ts';

const sample = z.object({ hits: z.number(), n: z.number() });

/** What a KPI's check leaves behind. */
const evidence = z.object({
  now: sample,
  baseline: sample,
  change: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  note: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
});
type Evidence = z.infer<typeof evidence>;

/** Whether a check compares a KPI with its baseline. */
export function isKpiCheck({ id }: CheckResult): boolean {
  return id.startsWith('post-deploy/kpi/');
}

function shareText({ hits, n }: Evidence['now']): string {
  return n === 0 ? 'none' : `${formatShare(hits / n)} (${hits} of ${n})`;
}

function changeText(change: number | null): string {
  return change === null ? '-' : `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
}

function boundsText({ change, low, high }: Evidence): string {
  return change === null
    ? '-'
    : `${changeText(low)} to ${high === null ? 'any' : changeText(high)}`;
}

function row(check: CheckResult, kept: Evidence | undefined): readonly string[] {
  const title = cell(check.title);
  const status = check.status === 'pass' ? 'healthy' : `**${statusWord(check.status)}**`;
  if (kept === undefined) return [title, cell(check.observed), '-', '-', '-', status];
  return [
    title,
    shareText(kept.now),
    shareText(kept.baseline),
    changeText(kept.change),
    boundsText(kept),
    `${status}: ${cell(kept.note)}`,
  ];
}

/** Each KPI now and before, how far it moved, and what that means. */
export function kpiTable(checks: readonly CheckResult[]): string | undefined {
  const kpis = checks.filter(isKpiCheck).map((check) => {
    const parsed = evidence.safeParse(check.evidence);
    return { check, kept: parsed.success ? parsed.data : undefined };
  });
  if (kpis.length === 0) return undefined;
  const headers = ['KPI', 'Now', 'Baseline', 'Change', '95 % bounds', 'Verdict'];
  const window = kpis.find(({ kept }) => kept?.from !== undefined)?.kept;
  const { from, to } = window ?? {};
  return paragraphs(
    markdownTable(
      headers,
      kpis.map(({ check, kept }) => row(check, kept)),
    ),
    from === undefined || to === undefined
      ? undefined
      : `Now: the candidate's customers since DEPLOY. Baseline: all customers from ${utcLabel(from)} to ${utcLabel(to)} UTC. Each bound holds with 95 %.`,
  );
}
