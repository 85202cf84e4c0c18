import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { EnvironmentName } from '../../src/base/environments.ts';
import { AuroraError } from '../../src/base/errors.ts';
import type { DeployDriver, SlotName, SlotStatus, Traffic } from '../../src/deploy/driver.ts';
import type { BuildAtHand } from '../../src/effects/effect.ts';
import type { Plan, PlanStep } from '../../src/plan/plan.ts';
import type { ApprovalMove } from '../../src/release/approval.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import { openFileLeases } from '../../src/release/file-lease-store.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { AlertsService, Silence, SilenceRequest } from '../../src/services/alerts/alerts.ts';
import type { CacheService } from '../../src/services/cache/cache.ts';
import type { CdnService } from '../../src/services/cdn/cdn.ts';
import type { FlagStrategy, FlagsService } from '../../src/services/flags/flags.ts';
import { ChangeGuard } from '../../src/services/http/change-guard.ts';
import { createDispatcher } from '../../src/services/http/connect.ts';
import type { Notice, NotifyService } from '../../src/services/notify/notify.ts';
import type { Approvers } from '../../src/services/signing/approvers-file.ts';
import { driverInMemory, flagsInMemory, inMemory } from './in-memory.ts';
import { approversOf, omar, rita, sam } from './people.ts';

export const digests = {
  stable: 'a'.repeat(64),
  candidate: 'b'.repeat(64),
  plan: 'c'.repeat(64),
};

const health = async () => ({ ok: true, detail: 'here' });

/** Two environments in memory, with a real HTTP front that answers as an edge does. */
export class World {
  readonly slots = new Map<string, SlotStatus>();
  readonly traffic: Record<EnvironmentName, Traffic> = {
    staging: { stable: 'blue', candidate: null },
    production: { stable: 'blue', candidate: null },
  };
  readonly flags = new Map<string, { enabled: boolean; strategies: FlagStrategy[] }>();
  readonly notices: Notice[] = [];
  readonly silences: Silence[] = [];
  sessions = 100;
  /** What the widget's pointer names, and whether the CDN answers from its cache. */
  pointsTo: string | null = null;
  cached = false;
  /** Everything that was applied, in order: what a resume must not repeat. */
  readonly acts: string[] = [];
  /** A service with this name refuses to answer. */
  readonly dead = new Set<
    'flags' | 'cache' | 'cdn' | 'notify' | 'alerts' | 'driver' | 'edge' | 'host-start'
  >();
  /** Who may approve here; a test may change it at any time, as somebody edits the file. */
  approvers: Approvers = approversOf(omar, sam, rita);
  /** Digest of the checklists as they lie there now. */
  planDigest = digests.plan;
  server: Server | undefined;
  origin = '';
  directory = '';

  constructor() {
    for (const environment of ['staging', 'production'] as const) {
      this.setSlot(environment, 'blue', digests.stable, 1);
      this.setFlag(environment, 'AURORA_WIDGET_ENABLED', [
        this.strategy('stable', 100, digests.stable),
      ]);
      this.setFlag(environment, 'AURORA_TIMELINE_ENABLED', []);
      this.setFlag(environment, 'AURORA_RETURNS_ENABLED', []);
    }
  }

  setSlot(environment: EnvironmentName, slot: SlotName, build: string, startedAt: number): void {
    this.slots.set(`${environment}/${slot}`, {
      environment,
      slot,
      state: 'ready',
      build,
      url: `${this.origin}/slot/${build}`,
      pid: 1,
      startedAt,
      ended: null,
      lastLines: [],
    });
  }

  setFlag(environment: EnvironmentName, name: string, strategies: FlagStrategy[]): void {
    this.flags.set(`${environment}/${name}`, { enabled: true, strategies });
  }

  strategy(cohort: 'candidate' | 'stable', percent: number, build: string): FlagStrategy {
    return { id: cohort, kind: 'flexibleRollout', cohort, percent, build, sortOrder: 0 };
  }

  flag(name: string, environment: EnvironmentName = 'production') {
    const flag = this.flags.get(`${environment}/${name}`);
    if (flag === undefined) throw new Error(`no flag ${name}`);
    return flag;
  }

  async open(): Promise<this> {
    this.directory = await mkdtemp(join(tmpdir(), 'aurora-world-'));
    this.server = createServer((request, response) => {
      if (this.dead.has('edge')) return void request.socket.destroy();
      const path = request.url ?? '';
      const slot = /^\/slot\/([0-9a-f]+)\//.exec(path)?.[1];
      const host = request.headers.host ?? '';
      const environment: EnvironmentName = host.includes('staging') ? 'staging' : 'production';
      const enabled = this.flag('AURORA_WIDGET_ENABLED', environment).enabled;
      const serving = this.traffic[environment].stable ?? 'blue';
      const build = slot ?? this.slots.get(`${environment}/${serving}`)?.build ?? '';
      response.setHeader('x-aurora-build', build);
      response.setHeader('x-aurora-widget', enabled ? 'shown' : 'hidden');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'ok', build }));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    for (const [key, slot] of this.slots) {
      this.slots.set(key, { ...slot, url: `${this.origin}/slot/${slot.build}` });
    }
    return this;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
    await rm(this.directory, { recursive: true, force: true });
  }

  #alive(part: Parameters<World['dead']['has']>[0]): void {
    if (this.dead.has(part)) throw new AuroraError('SERVICE_UNREACHABLE', `no answer of ${part}`);
  }

  driver(environment: EnvironmentName): DeployDriver {
    const driver: Omit<DeployDriver, 'prepare'> = {
      environment,
      label: `driver of ${environment}`,
      health: async () => ({ ok: true, detail: 'here' }),
      slots: async () => {
        this.#alive('driver');
        return [...this.slots.values()].filter((slot) => slot.environment === environment);
      },
      start: async (order) => {
        if (this.dead.has('host-start'))
          throw new AuroraError('EFFECT_FAILED', 'the process ended: exit 1');
        this.acts.push(`start ${environment} ${order.slot}`);
        this.setSlot(environment, order.slot, order.build, Date.now());
        const slot = this.slots.get(`${environment}/${order.slot}`);
        if (slot === undefined) throw new Error('no slot');
        return slot;
      },
      stop: async (slot) => {
        this.acts.push(`stop ${environment} ${slot}`);
        this.slots.delete(`${environment}/${slot}`);
      },
      traffic: async () => {
        this.#alive('driver');
        return this.traffic[environment];
      },
      route: async (traffic) => {
        this.acts.push(`route ${environment} ${traffic.stable}/${traffic.candidate}`);
        this.traffic[environment] = traffic;
      },
    };
    return { ...driver, prepare: driverInMemory(driver) };
  }

  flagsService(): FlagsService {
    const state = (name: string, environment: EnvironmentName) => {
      this.#alive('flags');
      return { name, environment, ...this.flag(name, environment) };
    };
    const flags: Omit<FlagsService, 'prepare'> = {
      label: 'flags',
      health: async () => ({ ok: true, detail: 'here' }),
      read: async (name, environment) => state(name, environment),
      seen: async (name, environment) => state(name, environment),
      enable: async (name, environment) => {
        if (!this.flag(name, environment).enabled) this.acts.push(`on ${environment} ${name}`);
        this.flag(name, environment).enabled = true;
      },
      disable: async (names, environment) => {
        this.#alive('flags');
        this.acts.push(`off ${environment} ${names.join('+')}`);
        for (const name of names) this.flag(name, environment).enabled = false;
      },
      setCohort: async (name, environment, { name: cohort, percent, build }) => {
        this.acts.push(`cohort ${environment} ${cohort} ${percent}`);
        const flag = this.flag(name, environment);
        flag.strategies = [
          ...flag.strategies.filter((s) => s.cohort !== cohort),
          this.strategy(cohort, percent, build),
        ];
      },
      removeCohort: async (name, environment, cohort) => {
        this.acts.push(`uncohort ${environment} ${cohort}`);
        const flag = this.flag(name, environment);
        flag.strategies = flag.strategies.filter((s) => s.cohort !== cohort);
      },
    };
    return { ...flags, prepare: flagsInMemory(flags) };
  }

  cacheService(): CacheService {
    const clear = async () => {
      this.#alive('cache');
      const removed = this.sessions;
      this.sessions = 0;
      return removed;
    };
    return {
      label: 'cache',
      health,
      count: async () => {
        this.#alive('cache');
        return this.sessions;
      },
      clear,
      prepareClear: () => inMemory('clear', clear),
      close: async () => undefined,
    };
  }

  cdnService(): CdnService {
    const purge = async (paths: readonly string[]) => {
      this.#alive('cdn');
      this.acts.push(`purge ${paths.join(' ')}`);
    };
    return {
      label: 'cdn',
      health,
      purge: (_environment, paths) => purge(paths),
      preparePurge: (_environment, paths) => inMemory('purge', () => purge(paths)),
      look: async () => {
        this.#alive('cdn');
        const { cached, pointsTo } = this;
        return { status: 200, cached, build: null, bodyDigest: '', pointsTo };
      },
    };
  }

  notifyService(): NotifyService {
    const send = async (notice: Notice) => {
      this.#alive('notify');
      this.notices.push(notice);
      return 'ok';
    };
    return {
      label: 'chat',
      kind: 'slack',
      audience: '#aurora-ops',
      health,
      send,
      prepare: (notice) => inMemory('notice', () => send(notice)),
    };
  }

  alertsService(): AlertsService {
    const silence = async ({ endsAt, comment }: SilenceRequest) => {
      this.#alive('alerts');
      this.silences.push({ id: '1', state: 'active', endsAt, comment });
      return '1';
    };
    return {
      label: 'alerts',
      health,
      silence,
      prepareSilence: (request) => inMemory('silence', () => silence(request)),
      silences: async () => this.silences,
    };
  }

  services(): Engine['services'] {
    const never = async () => {
      throw new AuroraError('SERVICE_UNREACHABLE', 'not in this world');
    };
    return {
      secrets: never,
      database: never,
      metrics: never,
      logs: never,
      browser: never,
      flags: async () => this.flagsService(),
      driver: async (environment) => this.driver(environment),
      cache: async () => this.cacheService(),
      cdn: async () => this.cdnService(),
      notify: async () => [this.notifyService()],
      alerts: async () => this.alertsService(),
      close: async () => undefined,
    };
  }

  /** An engine over this world. `steps` stand in for the plan's nine. */
  engine(
    steps: readonly PlanStep[],
    rollback: Plan['rollback'],
    change: Partial<Engine> = {},
  ): Engine & { entries: JournalEntry[] } {
    const entries: JournalEntry[] = [];
    const dispatcher = createDispatcher({
      'https://staging.shop.test': this.origin,
      'https://shop.test': this.origin,
    });
    const view = (name: EnvironmentName, origin: string) => ({
      name,
      envFile: `${name}.env`,
      variables: async () => new Map<string, string>(),
      origin,
      dispatcher,
      views: {},
    });
    const build = (digest: string): BuildAtHand => ({
      name: 'concierge',
      version: digest === digests.candidate ? '1.4.0' : '1.3.0',
      digest,
      directory: '/nowhere',
    });
    const plan: Plan = {
      title: 'plan',
      version: '1',
      date: '2025-10-10',
      digest: digests.plan,
      directory: '/nowhere',
      flags: {
        canary: 'AURORA_WIDGET_ENABLED',
        all: ['AURORA_WIDGET_ENABLED', 'AURORA_TIMELINE_ENABLED', 'AURORA_RETURNS_ENABLED'],
        environment: 'production',
      },
      freezes: [],
      overrides: { roles: [] },
      people: { tell: [], turn: true, overdue: true },
      steps,
      rollback,
    };
    return {
      project: 'world',
      plan,
      store: new FileStore(this.directory, systemClock),
      leases: openFileLeases(this.directory, systemClock),
      builds: {
        find: async (selector) => {
          if (selector === '1.4.0' || selector === digests.candidate)
            return build(digests.candidate);
          throw new AuroraError('BUILD_UNKNOWN', `no build ${selector}`);
        },
        byDigest: async (digest) => build(digest),
      },
      services: this.services(),
      changes: new ChangeGuard(),
      environments: {
        staging: view('staging', 'https://staging.shop.test'),
        production: view('production', 'https://shop.test'),
      },
      connect: {},
      slotEnv: async () => ({}),
      planDigest: async () => this.planDigest,
      approvers: async () => this.approvers,
      signer: async () => null,
      documents: {
        ticket: (state) => `# ticket of ${state.id}\n`,
        releaseNotes: () => '# notes\n',
        incidentNote: (state) => `# incident ${state.rollback?.started.reason}\n`,
      },
      stateDirectory: this.directory,
      clock: systemClock,
      signal: quietSignal(),
      actor: 'Alex W.',
      rehearsal: true,
      timeScale: 1,
      approvalWaitMs: 0,
      onEntry: (entry) => {
        entries.push(entry);
      },
      entries,
      ...change,
    };
  }
}

const noGo = {
  fail: 'no-go',
  inconclusive: 'no-go',
  error: 'no-go',
  catastrophe: 'no-go',
} as const;

/** A step of a small plan. */
export function step(
  number: number,
  moves: PlanStep['moves'],
  verdicts: PlanStep['verdicts'] = noGo,
): PlanStep {
  return {
    step: number,
    id: `step-${number}`,
    title: `Step ${number}`,
    owner: { role: 'DevOps', name: null },
    durationMs: 60_000,
    description: 'described',
    criterion: '**No-Go** if not',
    moves,
    verdicts,
  };
}

/** A word that the plan wants: signed, and of Omar, unless told otherwise. */
export function approval(change: Partial<ApprovalMove> = {}): ApprovalMove {
  return {
    type: 'approval',
    role: 'Product Manager',
    name: 'Omar V.',
    count: 1,
    self: false,
    unsigned: false,
    expiresMs: 60_000,
    ...change,
  };
}

/** A check that needs nothing but the flag service of this world. */
export function flagAt(percent: number): PlanStep['moves'][number] {
  return {
    type: 'check',
    kind: 'flag-state',
    params: { environment: 'production', flag: 'AURORA_WIDGET_ENABLED', candidatePercent: percent },
  };
}

export const effect = (
  kind: string,
  params: Record<string, unknown>,
): PlanStep['moves'][number] => ({ type: 'effect', kind, params });
export const outside = (environment: EnvironmentName): PlanStep['moves'][number] => ({
  type: 'check',
  kind: 'stubs-off',
  params: { of: 'environment', environment },
});

/** The compensations of the shipped plan. */
export const rollbackPhases: Plan['rollback'] = [
  [
    {
      kind: 'disable-flags',
      params: {
        environment: 'production',
        flags: ['AURORA_WIDGET_ENABLED', 'AURORA_TIMELINE_ENABLED', 'AURORA_RETURNS_ENABLED'],
      },
      words: 'flags',
    },
  ],
  [{ kind: 'restore-stable', params: { environment: 'production' }, words: 'build' }],
  [
    { kind: 'clear-sessions', params: { environment: 'production' }, words: 'sessions' },
    {
      kind: 'purge-cdn',
      params: { environment: 'production', paths: ['/widget.js'] },
      words: 'cdn',
    },
    { kind: 'silence-alerts', params: { for: '2 h' }, words: 'alerts' },
    { kind: 'notify', params: { audience: '#aurora-ops' }, words: 'people' },
    { kind: 'retire-candidate', params: { environment: 'production' }, words: 'slot' },
  ],
  [{ kind: 'incident-note', params: {}, words: 'note' }],
];

/** Many requests at once listen to it. */
export function quietSignal(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}
