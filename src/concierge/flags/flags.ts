/** The three flags of the concierge. */
export type FlagName =
  | 'AURORA_WIDGET_ENABLED'
  | 'AURORA_TIMELINE_ENABLED'
  | 'AURORA_RETURNS_ENABLED';

/**
 * What holds while no flag server was ever reached. The widget stays hidden, since its flag is the
 * kill switch; the API's features stay on, since an unreachable flag server is no reason to
 * degrade customers.
 */
export const flagDefaults: Readonly<Record<FlagName, boolean>> = {
  AURORA_WIDGET_ENABLED: false,
  AURORA_TIMELINE_ENABLED: true,
  AURORA_RETURNS_ENABLED: true,
};

/** `live`: the server answers; `last-known`: it did once; `never-known`: defaults hold. */
export type FlagKnowledge = 'live' | 'last-known' | 'never-known';

/** Reads flags without waiting. */
export interface Flags {
  isOn(flag: FlagName, sessionId: string): boolean;
  knowledge(): FlagKnowledge;
  close(): void;
}

/** The defaults, for stub mode or where no flag server is configured. */
export const defaultFlags: Flags = {
  isOn: (flag) => flagDefaults[flag],
  knowledge: () => 'never-known',
  close: () => undefined,
};
