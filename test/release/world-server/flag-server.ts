import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { Answer, Asked } from './serve.ts';
import type { CompanyState, Flag, WireStrategy } from './state.ts';

/** The two environments by the names that the flag server has for them. */
const environments: Readonly<Record<string, EnvironmentName>> = {
  development: 'staging',
  production: 'production',
};

export const flagTokens = {
  admin: 'admin-token-of-a-test',
  staging: 'client-token-staging',
  production: 'client-token-production',
} as const;

const notFound: Answer = { status: 404, body: { message: 'not found' } };

function shown(name: string, flag: Flag): Answer {
  const strategies = [...flag.strategies].sort((a, b) => a.sortOrder - b.sortOrder);
  return { body: { name, enabled: flag.enabled, strategies } };
}

/** What an application gets. */
function asClient(state: CompanyState, { path, token }: Asked): Answer {
  const name = /^\/api\/client\/features\/(\w+)$/.exec(path)?.[1] ?? '';
  const environment = token === flagTokens.production ? 'production' : 'staging';
  const flag = state.flags[`${environment}/${name}`];
  return flag === undefined ? notFound : shown(name, flag);
}

/** Strategies of one flag: make, replace, remove, sort. */
function onStrategies(state: CompanyState, flag: Flag, asked: Asked, rest: string): Answer {
  const id = rest.slice(1);
  if (asked.method === 'POST' && id === '') {
    state.lastStrategy += 1;
    const made = { ...(asked.body as WireStrategy), id: `s${state.lastStrategy}` };
    flag.strategies.push(made);
    return { body: made };
  }
  if (asked.method === 'POST' && id === 'set-sort-order') {
    const orders = new Map(
      (asked.body as readonly WireStrategy[]).map((one) => [one.id, one.sortOrder]),
    );
    flag.strategies = flag.strategies.map((one) => ({
      ...one,
      sortOrder: orders.get(one.id) ?? one.sortOrder,
    }));
    return {};
  }
  if (!flag.strategies.some((one) => one.id === id)) return notFound;
  const others = flag.strategies.filter((one) => one.id !== id);
  const replaced = asked.method === 'PUT' ? [{ ...(asked.body as WireStrategy), id }] : [];
  flag.strategies = [...others, ...replaced];
  return {};
}

/** The administration's and the applications' side of a flag server, as far as aurora uses them. */
export function answerFlags(state: CompanyState, asked: Asked): Answer {
  if (asked.path.startsWith('/api/client/')) return asClient(state, asked);
  if (asked.token !== flagTokens.admin) return { status: 401, body: { message: 'no such token' } };
  const bulk = /\/bulk_features\/environments\/(\w+)\/off$/.exec(asked.path);
  if (bulk !== null) {
    const { features } = asked.body as { features: readonly string[] };
    for (const name of features) {
      const flag = state.flags[`${environments[bulk[1] ?? '']}/${name}`];
      if (flag !== undefined) flag.enabled = false;
    }
    return {};
  }
  const single = /\/features\/(\w+)\/environments\/(\w+)(\/.+)?$/.exec(asked.path);
  const [, name = '', environment = '', rest = ''] = single ?? [];
  const flag = state.flags[`${environments[environment]}/${name}`];
  if (flag === undefined) return notFound;
  if (rest === '') return shown(name, flag);
  if (rest === '/on' || rest === '/off') {
    flag.enabled = rest === '/on';
    return {};
  }
  return onStrategies(state, flag, asked, rest.replace(/^\/strategies/, ''));
}
