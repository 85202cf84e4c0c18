/** What a command answers, before it is written in RESP2 or RESP3. */
export type Reply =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'bulk'; readonly value: Buffer | string | null }
  | { readonly kind: 'array'; readonly items: readonly Reply[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Reply])[] };

/** RESP2 until a client asks for 3 with HELLO. */
export type Protocol = 2 | 3;

export const status = (text: string): Reply => ({ kind: 'status', text });
export const integer = (value: number): Reply => ({ kind: 'integer', value });
export const bulk = (value: Buffer | string | null): Reply => ({ kind: 'bulk', value });
export const array = (items: readonly Reply[]): Reply => ({ kind: 'array', items });
export const ok = status('OK');

/** An error whose text begins with its code: `ERR`, `WRONGPASS`, `NOAUTH`. */
export const error = (text: string): Reply => ({
  kind: 'error',
  // A line break inside would end the reply early.
  text: text.replaceAll(/[\r\n]/g, ' '),
});

/** The bytes of a reply. */
export function encodeReply(reply: Reply, protocol: Protocol): Buffer {
  const chunks: Buffer[] = [];
  write(reply, protocol, chunks);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function write(reply: Reply, protocol: Protocol, chunks: Buffer[]): void {
  switch (reply.kind) {
    case 'status':
      chunks.push(Buffer.from(`+${reply.text}\r\n`));
      return;
    case 'error':
      chunks.push(Buffer.from(`-${reply.text}\r\n`, 'latin1'));
      return;
    case 'integer':
      chunks.push(Buffer.from(`:${reply.value}\r\n`));
      return;
    case 'bulk':
      writeBulk(reply.value, protocol, chunks);
      return;
    case 'array':
      chunks.push(Buffer.from(`*${reply.items.length}\r\n`));
      for (const item of reply.items) write(item, protocol, chunks);
      return;
    case 'map': {
      const size = reply.entries.length;
      chunks.push(Buffer.from(protocol === 3 ? `%${size}\r\n` : `*${size * 2}\r\n`));
      for (const [name, value] of reply.entries) {
        writeBulk(name, protocol, chunks);
        write(value, protocol, chunks);
      }
    }
  }
}

function writeBulk(value: Buffer | string | null, protocol: Protocol, chunks: Buffer[]): void {
  if (value === null) {
    chunks.push(Buffer.from(protocol === 3 ? '_\r\n' : '$-1\r\n'));
    return;
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  chunks.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
}
