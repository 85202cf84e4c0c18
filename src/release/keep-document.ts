import { sha256 } from '../proof/digest.ts';
import type { EventData, EventType } from './events.ts';
import type { ReleaseState } from './state.ts';
import type { ReleaseStore } from './store.ts';

type Kind = EventData['document.written']['kind'];

/** What each kind of document is called beside the journal. */
const names: Readonly<Record<Kind, string>> = {
  ticket: 'ticket.md',
  'release-notes': 'release-notes.md',
  'incident-note': 'incident.md',
};

/** A journal that a document can be written into. */
interface Log {
  readonly state: ReleaseState;
  append<T extends EventType>(type: T, data: EventData[T]): Promise<void>;
}

/**
 * Writes a document beside the journal, and into it with the digest of its text, so that a later
 * change shows. Returns its path. STORE_FAILED.
 */
export async function keepDocument(
  store: Pick<ReleaseStore, 'writeDocument'>,
  log: Log,
  kind: Kind,
  text: string,
): Promise<string> {
  const path = await store.writeDocument(log.state.id, names[kind], text);
  const digest = sha256(text);
  const last = log.state.documents.findLast((document) => document.kind === kind);
  if (last?.sha256 !== digest) {
    await log.append('document.written', { kind, path, sha256: digest });
  }
  return path;
}
