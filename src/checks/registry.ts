import { AuroraError } from '../base/errors.ts';
import { probingChecks } from './probing-checks.ts';
import type { AnyCheckKind } from './registry-entry.ts';
import { watchingChecks } from './watching-checks.ts';

const kinds: ReadonlyMap<string, AnyCheckKind> = new Map(
  [...probingChecks, ...watchingChecks].map((kind) => [kind.kind, kind]),
);

/** Every word that a checklist may use for a check. */
export const checkKinds: readonly string[] = [...kinds.keys()];

/** The kind with this word; undefined when there is none. */
export function findCheckKind(kind: string): AnyCheckKind | undefined {
  return kinds.get(kind);
}

/** The kind with this word. PLAN_INVALID when there is none. */
export function checkKind(kind: string): AnyCheckKind {
  const found = kinds.get(kind);
  if (found === undefined) throw new AuroraError('PLAN_INVALID', `no check is called ${kind}`);
  return found;
}
