import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import { type HttpAnswer, http, parseJson } from '../../services/http/request.ts';

/** The flags of the plan, as a new stack has them. */
export const planFlags = [
  { name: 'AURORA_WIDGET_ENABLED', cohorts: true },
  { name: 'AURORA_TIMELINE_ENABLED', cohorts: false },
  { name: 'AURORA_RETURNS_ENABLED', cohorts: false },
] as const;

/** The two environments of the open-source edition: `development` stands for staging. */
const environments = ['development', 'production'] as const;
const project = '/api/admin/projects/default/features';

const features = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      enabled: z.boolean(),
      strategies: z.array(z.object({ id: z.string() })).default([]),
    }),
  ),
});

type Feature = z.infer<typeof features>;
type PlanFlag = (typeof planFlags)[number];
type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
) => Promise<HttpAnswer>;

/**
 * Everybody, sticky by session. The widget's strategy carries the variant of the stable cohort, without
 * a payload: which build is stable is for the one to say who deploys it.
 */
function everybody(flag: PlanFlag): object {
  return {
    name: 'flexibleRollout',
    title: flag.cohorts ? 'aurora: stable' : 'everybody',
    sortOrder: 2,
    disabled: false,
    constraints: [],
    segments: [],
    parameters: { rollout: '100', stickiness: 'sessionId', groupId: flag.name },
    variants: flag.cohorts
      ? [{ name: 'stable', weight: 1000, weightType: 'variable', stickiness: 'sessionId' }]
      : [],
  };
}

function caller(url: string, adminToken: string, signal: AbortSignal): Call {
  return async (method, path, body) => {
    const answer = await http(
      {
        method,
        url: `${url}${path}`,
        headers: { authorization: adminToken },
        ...(body === undefined ? {} : { body }),
      },
      signal,
    );
    if (answer.status < 300 || answer.status === 404) return answer;
    throw new AuroraError('STACK_START_FAILED', `the flag server answered ${answer.status}`, {
      where: `${method} ${url}${path}`,
    });
  };
}

async function readOrCreate(call: Call, flag: PlanFlag): Promise<Feature> {
  const path = `${project}/${flag.name}`;
  const found = await call('GET', path);
  if (found.status !== 404) return features.parse(parseJson(found, path));
  await call('POST', project, { name: flag.name, type: 'release' });
  return features.parse(parseJson(await call('GET', path), path));
}

async function resetEnvironment(
  call: Call,
  flag: PlanFlag,
  state: Feature['environments'][number],
): Promise<void> {
  const path = `${project}/${flag.name}/environments/${state.name}`;
  const [first, ...others] = state.strategies;
  const body = everybody(flag);
  if (first === undefined) await call('POST', `${path}/strategies`, body);
  else await call('PUT', `${path}/strategies/${first.id}`, body);
  for (const { id } of others) await call('DELETE', `${path}/strategies/${id}`);
  // Last: switching on a flag without strategies would make Unleash add one of its own.
  if (!state.enabled) await call('POST', `${path}/on`);
}

/**
 * Brings the plan's three flags to the state of a new stack in both environments, whatever they were:
 * on, one strategy for everybody. Other flags are left alone. STACK_START_FAILED when refused.
 */
export async function seedFlags(
  url: string,
  adminToken: string,
  signal: AbortSignal,
): Promise<void> {
  const call = caller(url, adminToken, signal);
  await Promise.all(
    planFlags.map(async (flag) => {
      const found = await readOrCreate(call, flag);
      const states = found.environments.filter(({ name }) => environments.some((e) => e === name));
      await Promise.all(states.map((state) => resetEnvironment(call, flag, state)));
    }),
  );
}
