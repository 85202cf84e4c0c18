import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { SlotName } from '../../../src/deploy/driver.ts';
import { candidateShare, slotFor } from './customers.ts';
import type { Answer, Asked } from './serve.ts';
import { type Habits, health } from './slot-host.ts';
import { type CompanyState, flagNames } from './state.ts';

interface Target {
  readonly slot: SlotName;
  readonly url: string;
}

/** The edge's administration: who answers in an environment. */
export function answerTraffic(
  state: CompanyState,
  environment: EnvironmentName,
  { method, body }: Asked,
): Answer {
  if (method === 'PUT') {
    const { stable, candidate } = body as Readonly<Record<'stable' | 'candidate', Target | null>>;
    state.traffic[environment] = {
      stable: stable?.slot ?? null,
      candidate: candidate?.slot ?? null,
    };
  }
  const { stable, candidate } = state.traffic[environment];
  const target = (slot: SlotName | null) => (slot === null ? null : { slot, url: 'http://slot' });
  return { body: { stable: target(stable), candidate: target(candidate) } };
}

/** The widget of a build lies in the CDN under this path. */
export const bundlePath = (build: string) => `/widget/${build}.js`;

/** The edge as customers meet it, with the CDN in front. */
export class PublicEdge {
  #customers = 0;

  constructor(
    private readonly state: CompanyState,
    private readonly habits: Habits,
  ) {}

  answer(environment: EnvironmentName, { method, path }: Asked): Answer {
    const { state } = this;
    if (method === 'PURGE') {
      const gone = path.endsWith('/*') ? () => true : (one: string) => one === path;
      state.cached.splice(0, Infinity, ...state.cached.filter((one) => !gone(one)));
      return {};
    }
    const shown = state.flags[`${environment}/${flagNames[0]}`]?.enabled === true;
    const headers = { 'x-aurora-widget': shown ? 'shown' : 'hidden' };
    if (path.startsWith('/widget/')) return this.#bundle(path);
    const share = this.habits.deafEdge === true ? 0 : candidateShare(state, environment);
    const slot = slotFor(state.traffic[environment], share, this.#customers);
    this.#customers += 1;
    const found = state.slots[`${environment}/${slot}`];
    const build = found?.state === 'ready' ? found.build : null;
    if (build === null) return { status: 503, headers };
    const answered = { ...headers, 'x-aurora-build': build };
    if (path !== '/widget.js') return { headers: answered, body: health(build) };
    return { headers: answered, body: shown ? `load("${bundlePath(build)}")` : '// hidden' };
  }

  #bundle(path: string): Answer {
    const cached = this.state.cached.includes(path);
    return { headers: { 'x-cache': cached ? 'HIT' : 'MISS' }, body: '/* widget */' };
  }
}
