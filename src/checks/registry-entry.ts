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

/** Lets kinds with different parameters stand in one table. */
export function forgetParams<P>(kind: CheckKind<P>): AnyCheckKind {
  return {
    kind: kind.kind,
    params: kind.params,
    validate(params) {
      const parsed = kind.params.safeParse(params);
      if (parsed.success) return null;
      return parsed.error.issues
        .map((issue) => `${issue.path.join('.') || 'parameters'}: ${issue.message}`)
        .join('; ');
    },
    describe: (params) => kind.describe(kind.params.parse(params)),
    run: (params, context) => kind.run(kind.params.parse(params), context),
  };
}
