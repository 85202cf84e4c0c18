import type { EventData } from '../release/events.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { cell, codeCell, inline, markdownTable, paragraphs } from './markdown.ts';

type Override = EventData['override.given'];

/** `freeze "Black Week"`, `steps 1-4`: the rule of the plan that was set aside. */
export function ruleLabel({ subject, about }: Pick<Override, 'subject' | 'about'>): string {
  if (subject === 'freeze') return `freeze "${about}"`;
  return `${about.includes('-') ? 'steps' : 'step'} ${about}`;
}

/** `freeze "Black Week" overridden by rita.m (Release Manager), signed: hotfix for checkout`. */
export function overrideLabel(override: Override): string {
  const { subject, by, role, signed, reason } = override;
  const done = subject === 'freeze' ? 'overridden' : 'skipped';
  return `${ruleLabel(override)} ${done} by ${by} (${role}), ${signed ? 'signed' : 'UNSIGNED'}: ${reason}`;
}

/** `skipped by rita.m (Release Manager): seen by hand`; undefined where the step was carried out. */
export function skippedLabel({ skipped }: Pick<StepState, 'skipped'>): string | undefined {
  if (skipped === null) return undefined;
  return `skipped by ${skipped.by} (${skipped.role}): ${skipped.reason}`;
}

/** What was set aside, as a part of the ticket; undefined when the plan was kept to. */
export function overridesSection({ overrides }: ReleaseState): string | undefined {
  if (overrides.length === 0) return undefined;
  const rows = overrides.map((one) => [
    cell(ruleLabel(one)),
    cell(`${one.by} (${one.role})`),
    cell(one.reason),
    one.key === null ? '**unsigned**' : codeCell(one.key.fingerprint),
  ]);
  const headers = ['Rule', 'Set aside by', 'Reason', 'Signed with'];
  return paragraphs('## Set aside', markdownTable(headers, rows));
}

/** The same as a list for the release notes; undefined when there is nothing. */
export function overridesList({ overrides }: ReleaseState): string | undefined {
  if (overrides.length === 0) return undefined;
  return overrides.map((one) => `- ${inline(overrideLabel(one))}`).join('\n');
}
