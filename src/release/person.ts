/** Somebody who may give a word. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Slugs: `product-manager`. */
  readonly roles: readonly string[];
}

/** Equal without regard to case and outer space. */
export function sameWords(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/**
 * Whether an actor's name is this person's: the name, the id, or the id's part before the @. Two
 * names are easily given to one person; what cannot be told apart by name is told by key.
 */
export function isSamePerson({ id, name }: Person, actor: string): boolean {
  return [id, id.replace(/@.*$/, ''), name].some((own) => sameWords(own, actor));
}
