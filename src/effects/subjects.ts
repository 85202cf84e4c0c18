import type { EnvironmentName } from '../base/environments.ts';

/** What effects look at and change, in the words that a dry run uses for it. */
export const slotsOf = (environment: EnvironmentName) => `the slots and traffic of ${environment}`;
export const switchesOf = (environment: EnvironmentName) => `which flags are on in ${environment}`;
export const cohortsOf = (environment: EnvironmentName) => `the cohorts of ${environment}`;
export const sessionsOf = (environment: EnvironmentName) => `the cached sessions of ${environment}`;
export const cdnOf = (environment: EnvironmentName) => `the CDN of ${environment}`;
