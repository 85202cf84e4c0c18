import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import type { BuildAtHand, EffectContext } from './effect.ts';

/** Parameters of an effect that works on one environment. */
export const environmentParams = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
});
export type EnvironmentParams = z.infer<typeof environmentParams>;

/** The build on its way in; an effect of a release cannot do without. */
export function candidateOf(context: EffectContext): BuildAtHand {
  if (context.candidate !== null) return context.candidate;
  throw new AuroraError('EFFECT_FAILED', 'there is no build on its way in');
}
