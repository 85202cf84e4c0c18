import { Double, Long, serialize } from 'bson';
import { fail, ServerError } from '../errors.ts';
import { decode } from '../values/decode.ts';
import type { Doc } from '../values/value.ts';

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
const checksumPresent = 1;
const moreToCome = 2;
/** Flag bits that a server must understand; of these only the two above exist. */
const requiredFlags = 0xffff;

/** A command from the wire. */
export interface Request {
  readonly id: number;
  readonly command: Doc;
  /** The first messages of a driver come in the old format and are answered in it. */
  readonly legacy: boolean;
  /** An unacknowledged write: no answer is expected. */
  readonly silent: boolean;
  readonly bytes: number;
}

/** The request id of a message, which an answer to a bad one needs as well. */
export function requestId(message: Buffer): number {
  return message.readInt32LE(4);
}

/** Reads a message. Throws `ServerError` when its content is wrong, `Error` when its format is. */
export function readRequest(message: Buffer): Request {
  const operation = message.readInt32LE(12);
  const common = { id: requestId(message), bytes: message.length };
  if (operation === opQuery) {
    return { ...common, command: readQuery(message), legacy: true, silent: false };
  }
  if (operation !== opMsg) throw new Error(`operation ${operation} of the wire protocol`);
  const flags = message.readUInt32LE(16);
  if ((flags & requiredFlags & ~(checksumPresent | moreToCome)) !== 0) throw new Error('flags');
  const end = message.length - ((flags & checksumPresent) === 0 ? 0 : 4);
  const command = readSections(message.subarray(20, end));
  return { ...common, command, legacy: false, silent: (flags & moreToCome) !== 0 };
}

/** Sections: the command itself, and sequences of documents that belong into it. */
function readSections(sections: Buffer): Doc {
  let body: Doc | undefined;
  const sequences: Doc = {};
  let at = 0;
  while (at < sections.length) {
    const kind = sections[at];
    const size = sections.readInt32LE(at + 1);
    if (size < 5 || at + 1 + size > sections.length) throw new Error(`section of ${size} bytes`);
    const content = sections.subarray(at + 1, at + 1 + size);
    if (kind === 0) body = decode(content);
    else if (kind === 1) readSequence(content, sequences);
    else throw new Error(`section of kind ${kind}`);
    at += 1 + size;
  }
  if (body === undefined) throw new Error('message without a body');
  return Object.assign(body, sequences);
}

function readSequence(content: Buffer, into: Doc): void {
  const nameEnd = content.indexOf(0, 4);
  if (nameEnd < 0) throw new Error('section without a name');
  const docs: Doc[] = [];
  let at = nameEnd + 1;
  while (at < content.length) {
    const size = content.readInt32LE(at);
    if (size < 5 || at + size > content.length) throw new Error(`document of ${size} bytes`);
    docs.push(decode(content.subarray(at, at + size)));
    at += size;
  }
  into[content.toString('utf8', 4, nameEnd)] = docs;
}

/** The old query message, which drivers still use for their very first greeting. */
function readQuery(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, 20);
  const at = nameEnd + 1 + 8;
  if (nameEnd < 0 || at + 4 > message.length) throw new Error('query without a document');
  const namespace = message.toString('utf8', 20, nameEnd);
  const size = message.readInt32LE(at);
  if (size < 5 || at + size > message.length) throw new Error(`query of ${size} bytes`);
  const command = decode(message.subarray(at, at + size));
  const [name = ''] = Object.keys(command);
  if (!['hello', 'ismaster', 'isMaster'].includes(name)) {
    fail(352, `Unsupported OP_QUERY command: ${name}`);
  }
  return { ...command, $db: namespace.split('.')[0] ?? '' };
}

/** A successful reply. */
export function success(reply: Doc): Doc {
  return { ...reply, ok: new Double(1) };
}

/** The reply for an error: MongoDB's own shape. Unknown errors are reported as internal. */
export function failure(error: unknown): Doc {
  const known =
    error instanceof ServerError
      ? error
      : new ServerError(1, error instanceof Error ? error.message : String(error));
  return {
    ok: new Double(0),
    errmsg: known.message,
    code: known.code,
    codeName: known.codeName,
    ...known.details,
  };
}

/** The bytes of a reply: a head and a body, written one after the other. */
export function encodeReply(request: { id: number; legacy: boolean }, reply: Doc): Uint8Array[] {
  const body = serialize(reply);
  const fixed = request.legacy ? 20 : 5;
  const head = Buffer.alloc(16 + fixed);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(request.id, 8);
  head.writeInt32LE(request.legacy ? opReply : opMsg, 12);
  if (request.legacy) {
    // Flag 8: the server can wait for new data; then cursor id 0, from 0, one document.
    head.writeInt32LE(8, 16);
    head.writeBigInt64LE(Long.ZERO.toBigInt(), 20);
    head.writeInt32LE(1, 32);
  }
  return [head, body];
}
