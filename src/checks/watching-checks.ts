import { canary, ramp } from './canary/kinds.ts';
import { cleanLog } from './clean-log.ts';
import { postDeploy } from './post-deploy/post-deploy.ts';
import { type AnyCheckKind, forgetParams } from './registry-entry.ts';

/** The kinds that look again and again, or wait for enough samples, for the registry. */
export const watchingChecks: readonly AnyCheckKind[] = [
  forgetParams(cleanLog),
  forgetParams(canary),
  forgetParams(ramp),
  forgetParams(postDeploy),
];
