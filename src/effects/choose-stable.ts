import type { SlotStatus, Traffic } from '../deploy/driver.ts';

/** Which slot is to serve all customers after a rollback. */
export type StableTarget =
  | { readonly kind: 'slot'; readonly slot: SlotStatus }
  /** It runs nowhere: the build is to be started again. */
  | { readonly kind: 'start'; readonly build: string }
  | { readonly kind: 'none'; readonly why: string };

/** What is known of the builds; both are null when no journal could be read. */
export interface KnownBuilds {
  readonly candidate: string | null;
  readonly stable: string | null;
}

/**
 * Decides who is the previous stable build, from what driver and edge say; the journal's word goes
 * first when there is one. Without a journal, the slot that has run longest is the one that
 * customers had before: a candidate is always started after it.
 */
export function chooseStable(
  slots: readonly SlotStatus[],
  traffic: Traffic,
  known: KnownBuilds,
): StableTarget {
  const ready = slots.filter((slot) => slot.state === 'ready' && slot.build !== null);
  if (known.stable !== null) {
    const running =
      ready.find((slot) => slot.build === known.stable && slot.slot !== traffic.candidate) ??
      ready.find((slot) => slot.build === known.stable);
    return running === undefined
      ? { kind: 'start', build: known.stable }
      : { kind: 'slot', slot: running };
  }
  const good = ready.filter(
    (slot) => slot.build !== known.candidate && slot.slot !== traffic.candidate,
  );
  const oldest = good.sort((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity))[0];
  if (oldest !== undefined) return { kind: 'slot', slot: oldest };
  return {
    kind: 'none',
    why: 'no slot runs another build: this was a first launch, and the flags keep the widget hidden',
  };
}
