import { answersBuild } from './answers-build.ts';
import { environmentMatrix } from './environment-matrix.ts';
import { flagState } from './flag-state.ts';
import { indexes } from './indexes.ts';
import { links } from './links.ts';
import { type AnyCheckKind, forgetParams } from './registry-entry.ts';
import { screens } from './screens/screens.ts';
import { secretsPresent } from './secrets-present.ts';
import { smoke } from './smoke/smoke.ts';
import { stubsOff } from './stubs-off.ts';

/** The kinds that look once and are done, for the registry. */
export const probingChecks: readonly AnyCheckKind[] = [
  forgetParams(environmentMatrix),
  forgetParams(secretsPresent),
  forgetParams(indexes),
  forgetParams(stubsOff),
  forgetParams(smoke),
  forgetParams(flagState),
  forgetParams(answersBuild),
  forgetParams(links),
  forgetParams(screens),
];
