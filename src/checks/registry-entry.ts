import type { z } from 'zod';
import type { CheckResult } from './check.ts';
import type { CheckContext, CheckKind } from './kind.ts';

/** A check kind whose parameters have been forgotten: they are parsed when it runs. */
export interface AnyCheckKind {
  readonly kind: string;
  /** Their schema, for editors and docs. */
  readonly params: z.ZodType;
  /** Why the parameters do not fit, as `path: reason`; null when they do. */
  validate(params: Readonly<Record<string, unknown>>): string | null;
  describe(params: Readonly<Record<string, unknown>>): string;
  run(
    params: Readonly<Record<string, unknown>>,
    context: CheckContext,
  ): Promise<readonly CheckResult[]>;
}

/** Why parameters do not fit their schema, as `path: reason`; null when they do. */
export function misfit(schema: z.ZodType, params: Readonly<Record<string, unknown>>) {
  const parsed = schema.safeParse(params);
  if (parsed.success) return null;
  return parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'parameters'}: ${issue.message}`)
    .join('; ');
}

/** A check without a result measured nothing, and that must never look like a pass beside others. */
function nothingMeasured(kind: string): CheckResult {
  return {
    id: kind,
    title: kind,
    status: 'error',
    expected: 'at least one thing measured',
    observed: 'nothing was measured',
    remedy: 'Look at its parameters: `aurora plan show` says what it looks at.',
  };
}

/** Lets kinds with different parameters stand in one table. */
export function forgetParams<P>(kind: CheckKind<P>): AnyCheckKind {
  return {
    kind: kind.kind,
    params: kind.params,
    validate: (params) => misfit(kind.params, params),
    describe: (params) => kind.describe(kind.params.parse(params)),
    async run(params, context) {
      const results = await kind.run(kind.params.parse(params), context);
      return results.length > 0 ? results : [nothingMeasured(kind.kind)];
    },
  };
}
