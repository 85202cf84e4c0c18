import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { SlotName } from '../../../src/deploy/driver.ts';

/** A rollout strategy as the flag server keeps and tells it. */
export interface WireStrategy {
  readonly id: string;
  readonly name: string;
  readonly sortOrder: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly variants: readonly {
    readonly name: string;
    readonly payload?: { readonly type: string; readonly value: string };
  }[];
}

export interface Flag {
  enabled: boolean;
  strategies: WireStrategy[];
}

export interface Slot {
  state: 'ready' | 'stopped';
  build: string | null;
  /** Counts starts: the same number is the same process. */
  start: number;
}

/** All that a release can change in a company, as plain data: two of them can be compared. */
export interface CompanyState {
  /** `production/AURORA_WIDGET_ENABLED` -> flag. */
  readonly flags: Record<string, Flag>;
  /** `production/blue` -> slot. */
  readonly slots: Record<string, Slot>;
  readonly traffic: Record<
    EnvironmentName,
    { stable: SlotName | null; candidate: SlotName | null }
  >;
  /** Paths that the CDN answers from its cache. */
  readonly cached: string[];
  /** What strategies were numbered up to. */
  lastStrategy: number;
  lastStart: number;
}

export const flagNames = [
  'AURORA_WIDGET_ENABLED',
  'AURORA_TIMELINE_ENABLED',
  'AURORA_RETURNS_ENABLED',
] as const;

function stableStrategy(id: string, build: string): WireStrategy {
  return {
    id,
    name: 'flexibleRollout',
    sortOrder: 2,
    parameters: { rollout: '100', stickiness: 'sessionId', groupId: flagNames[0] },
    variants: [{ name: 'stable', payload: { type: 'string', value: build } }],
  };
}

/** A company on an ordinary day: one build everywhere, in the blue slots, its flags on. */
export function ordinaryDay(stable: string): CompanyState {
  const state: CompanyState = {
    flags: {},
    slots: {},
    traffic: {
      staging: { stable: 'blue', candidate: null },
      production: { stable: 'blue', candidate: null },
    },
    cached: [],
    lastStrategy: 2,
    lastStart: 2,
  };
  for (const [index, environment] of (['staging', 'production'] as const).entries()) {
    state.slots[`${environment}/blue`] = { state: 'ready', build: stable, start: index + 1 };
    state.slots[`${environment}/green`] = { state: 'stopped', build: null, start: 0 };
    for (const name of flagNames) {
      const strategies = name === flagNames[0] ? [stableStrategy(`s${index + 1}`, stable)] : [];
      state.flags[`${environment}/${name}`] = { enabled: true, strategies };
    }
  }
  return state;
}
