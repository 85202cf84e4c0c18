import type { Doc } from '../values/value.ts';

/** A place in a collection: the document in it is replaced, never changed. */
export interface Stored {
  doc: Doc;
}
