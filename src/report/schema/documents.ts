import { z } from 'zod';
import * as around from './around.ts';
import { canaryBacktest } from './backtest.ts';
import * as canary from './canary.ts';
import { error } from './error.ts';
import * as plan from './plan.ts';
import { release, rollbackResult, status, wholeRelease } from './release.ts';
import * as stack from './stack.ts';
import { verify } from './verify.ts';
import type { Read } from './words.ts';

/** Raised when a field changes its meaning or goes; new fields may come at any time. */
export const outputVersion = 1;

/** Every `--json` document by its `kind`, without the head that all of them have. */
export const contents = {
  release,
  pause: release,
  abort: release,
  status,
  rollback: rollbackResult,
  history: z.strictObject({ releases: z.array(wholeRelease) }),
  verify,
  approval: around.approval,
  approvers: around.approvers,
  key: around.key,
  'dry-run': plan.dryRun,
  'rollback-dry-run': plan.rollbackDryRun,
  'effects-dry-run': plan.effectsDryRun,
  plan: plan.plan,
  'plan-check': plan.planCheck,
  checks: around.checks,
  doctor: around.doctor,
  deploy: around.deploy,
  flags: around.flags,
  'flag-restore': around.flagRestore,
  'kpi-baseline': around.kpiBaseline,
  'canary-backtest': canaryBacktest,
  'canary-look': canary.canaryLook,
  'canary-verdict': canary.canaryVerdict,
  'canary-forecast': canary.canaryForecast,
  builds: around.builds,
  build: around.verifiedBuild,
  init: around.init,
  stack: stack.stack,
  'stack-down': stack.stackDown,
  shoppers: stack.shoppers,
  error,
  'error-code': around.errorCode,
  'exit-code': around.exitCode,
  catalogue: around.catalogue,
} as const;

export type DocumentKind = keyof typeof contents;

/** What a verb tells with a document of this kind: the compiler holds it to the schema. */
export type DocumentContent<Kind extends DocumentKind> = Read<z.infer<(typeof contents)[Kind]>>;

/** A whole document of a kind, head and content; unknown fields are refused. */
export function documentSchema(kind: DocumentKind): z.ZodType {
  const head = { aurora: z.literal(outputVersion), kind: z.literal(kind) };
  return z.strictObject({ ...head, ...contents[kind].shape });
}
