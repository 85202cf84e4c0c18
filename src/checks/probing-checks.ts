import { answersBuild } from './answers-build.ts';
import { environmentMatrix } from './environment-matrix.ts';
import { flagState } from './flag-state.ts';
import { indexes } from './indexes.ts';
import type { CheckKind } from './kind.ts';
import { links } from './links.ts';
import { secretsPresent } from './secrets-present.ts';
import { smoke } from './smoke/smoke.ts';
import { stubsOff } from './stubs-off.ts';

/**
 * The kinds that look once and are done, for the registry. The registry validates parameters with
 * the kind's own schema before it hands them over, which is why they may stand here untyped.
 */
export const probingChecks: readonly CheckKind<unknown>[] = [
  environmentMatrix,
  secretsPresent,
  indexes,
  stubsOff,
  smoke,
  flagState,
  answersBuild,
  links,
];
