import { createHmac, hash, randomFillSync, randomUUID } from 'node:crypto';

/** The prefixes that tell people what an id stands for. */
export type IdPrefix = 'req_' | 'msg_' | 'cap_' | 'sty_' | 'ins_' | 'sess_';

const idBytes = 16;
/** Random bytes are drawn for 256 ids at once: every answer needs several. */
const drawn = Buffer.alloc(256 * idBytes);
let used = drawn.length;

/** A fresh random id with a prefix: 32 hexadecimal digits. */
export function newId(prefix: IdPrefix): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += idBytes;
  return prefix + drawn.toString('hex', used - idBytes, used);
}

/** A fresh number of a return: `RMA-` and twelve digits or capitals, short enough to read aloud. */
export function newRmaId(): string {
  return `RMA-${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
}

/**
 * The id of something that a session has only one of (shortlist, subscription): the same session
 * always gets the same one, so that an upsert needs no read before it.
 */
export function idOfSession(prefix: 'sl_' | 'sub_', sessionId: string): string {
  return prefix + sha256(`${prefix}${sessionId}`).slice(0, 24);
}

/** SHA-256 of a text, 64 hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text);
}

/** The salted SHA-256 that stands for an order number or a contact in events and storage. */
export function saltedHash(salt: string, value: string): string {
  return createHmac('sha256', salt).update(value.trim().toLowerCase()).digest('hex');
}
