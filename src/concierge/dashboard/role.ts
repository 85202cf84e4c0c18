/** Who may look at the dashboards, from most to least. */
export const roles = ['admin', 'support_lead', 'concierge_agent', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** What a role may see beyond the pages themselves. Nobody can change anything here. */
export interface Rights {
  /** Names, addresses and telephone numbers as they are; otherwise masked. */
  readonly personal: boolean;
  /** What customers wrote: summaries, transcripts, comments. */
  readonly words: boolean;
  /** One ticket with its customer. */
  readonly tickets: boolean;
  /** Sums: money, and the totals of analytics. */
  readonly totals: boolean;
}

const everything: Rights = { personal: true, words: true, tickets: true, totals: true };

/** The rights of each role. */
export const rightsOf: Readonly<Record<Role, Rights>> = {
  admin: everything,
  support_lead: everything,
  concierge_agent: { ...everything, totals: false },
  viewer: { personal: false, words: false, tickets: false, totals: true },
};

/** A role as people read it. */
export const roleNames: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  support_lead: 'Support lead',
  concierge_agent: 'Concierge agent',
  viewer: 'Viewer',
};
