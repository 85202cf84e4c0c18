import type { EnvironmentName } from '../../base/environments.ts';
import type { Secret } from '../../base/secret.ts';
import type { ChangeValue, HttpChange } from '../change.ts';
import type { CohortName, CohortShare, FlagState, FlagStrategy } from './flags.ts';
import { strategyBody } from './unleash-strategy.ts';

/** Where an Unleash keeps the flags, and the right to change them. */
export interface UnleashPlace {
  /** The base address, without `/api`. */
  readonly url: string;
  readonly project: string;
  /** What Unleash calls each environment. */
  readonly environments: Readonly<Record<EnvironmentName, string>>;
  readonly adminToken: Secret;
}

/** Low, so that strategies made by hand (9999 unless moved) come after ours. */
const sortOrders: Readonly<Record<CohortName, number>> = { candidate: 1, stable: 2 };

const projectPath = (place: UnleashPlace) =>
  `/api/admin/projects/${encodeURIComponent(place.project)}`;

/** The path of a flag in one environment, below the base address. */
export function flagPath(place: UnleashPlace, flag: string, environment: EnvironmentName): string {
  const name = encodeURIComponent(place.environments[environment]);
  return `${projectPath(place)}/features/${encodeURIComponent(flag)}/environments/${name}`;
}

function change(
  place: UnleashPlace,
  method: HttpChange['method'],
  path: string,
  body?: ChangeValue,
): HttpChange {
  return {
    via: 'http',
    service: `unleash ${place.url}`,
    method,
    url: `${place.url}${path}`,
    headers: {
      authorization: place.adminToken,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** Switches one flag. */
export function toggleChange(
  place: UnleashPlace,
  flag: string,
  environment: EnvironmentName,
  to: 'on' | 'off',
): HttpChange {
  return change(place, 'POST', `${flagPath(place, flag, environment)}/${to}`);
}

/** Switches several flags off in one call. */
export function bulkOffChange(
  place: UnleashPlace,
  flags: readonly string[],
  environment: EnvironmentName,
): HttpChange {
  const name = encodeURIComponent(place.environments[environment]);
  const path = `${projectPath(place)}/bulk_features/environments/${name}/off`;
  return change(place, 'POST', path, { features: flags });
}

/** Whether the other cohort's strategy must be moved behind or before this one. */
function isMisplaced(cohort: CohortName, other: FlagStrategy): boolean {
  const own = sortOrders[cohort];
  return cohort === 'candidate' ? other.sortOrder <= own : other.sortOrder >= own;
}

function reordering(
  place: UnleashPlace,
  path: string,
  { strategies }: FlagState,
  cohort: CohortName,
): readonly HttpChange[] {
  const other = strategies.find((s) => s.cohort !== null && s.cohort !== cohort);
  if (other === undefined || other.cohort === null || !isMisplaced(cohort, other)) return [];
  const body = [{ id: other.id, sortOrder: sortOrders[other.cohort] }];
  return [change(place, 'POST', `${path}/set-sort-order`, body)];
}

/** Gives a cohort its share: in place where it has a strategy already, and only one. */
export function cohortChanges(
  place: UnleashPlace,
  state: FlagState,
  cohort: CohortShare,
): readonly HttpChange[] {
  const path = `${flagPath(place, state.name, state.environment)}/strategies`;
  const [present, ...duplicates] = state.strategies.filter((s) => s.cohort === cohort.name);
  const body = strategyBody(state.name, cohort, sortOrders[cohort.name]);
  // In place: between a removal and a creation every session of the cohort would change sides.
  const write =
    present === undefined
      ? change(place, 'POST', path, body)
      : change(place, 'PUT', `${path}/${encodeURIComponent(present.id)}`, body);
  return [
    ...reordering(place, path, state, cohort.name),
    write,
    ...duplicates.map(({ id }) => change(place, 'DELETE', `${path}/${encodeURIComponent(id)}`)),
  ];
}

/** Takes every strategy of a cohort away. */
export function removalChanges(
  place: UnleashPlace,
  state: FlagState,
  cohort: CohortName,
): readonly HttpChange[] {
  const path = `${flagPath(place, state.name, state.environment)}/strategies`;
  return state.strategies
    .filter((s) => s.cohort === cohort)
    .map(({ id }) => change(place, 'DELETE', `${path}/${encodeURIComponent(id)}`));
}
