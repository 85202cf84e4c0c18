import { AuroraError, hasCode, messageOf } from '../base/errors.ts';
import type { CheckResult } from './check.ts';

/** A measurement, or why there is none. */
export type Measured<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Measures and keeps a failure as data. Only an abort and a bad checklist are thrown: they are not
 * facts about what is checked.
 */
export async function attempt<T>(
  signal: AbortSignal,
  measure: () => Promise<T>,
): Promise<Measured<T>> {
  try {
    return { value: await measure() };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (hasCode(error, 'PLAN_INVALID')) throw error;
    return { error };
  }
}

/** The result of a check that could not be measured: never a pass, never a fail. */
export function unmeasured(
  check: Pick<CheckResult, 'id' | 'title' | 'expected'>,
  error: unknown,
): CheckResult {
  const place =
    error instanceof AuroraError && error.where !== undefined ? ` (${error.where})` : '';
  return {
    ...check,
    status: 'error',
    observed: `could not be measured: ${messageOf(error)}${place}`,
    ...(error instanceof AuroraError ? { remedy: error.remedy } : {}),
  };
}
