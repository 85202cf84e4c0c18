import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';

/** One environment by its name. */
export const oneEnvironment = z.enum(environmentNames).describe('Which environment.');

/** Which environments a check looks at. */
export const environmentScope = z
  .enum([...environmentNames, 'both'])
  .describe('Which environments.');
export type EnvironmentScope = z.infer<typeof environmentScope>;

/** The environments of a scope, in the plan's order. */
export function environmentsOf(scope: EnvironmentScope): readonly EnvironmentName[] {
  return scope === 'both' ? environmentNames : [scope];
}

/** `staging`, `staging and production`. */
export function scopeText(scope: EnvironmentScope): string {
  return environmentsOf(scope).join(' and ');
}
