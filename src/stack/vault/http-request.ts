import type { IncomingMessage } from 'node:http';
import { VaultFailure, type VaultRequest } from './exchange.ts';

const largestBody = 1024 * 1024;

/** A request in Vault's terms; the path is what follows `/v1/`. */
export function requestOf(
  method: string,
  target: string,
  header: (name: string) => string | undefined,
  body: VaultRequest['body'],
): VaultRequest {
  const url = new URL(target, 'http://vault.invalid');
  const path = /^\/v1\/(.+?)\/*$/.exec(url.pathname)?.[1];
  if (path === undefined) throw new VaultFailure(404);
  const bearer = /^Bearer (.+)$/i.exec(header('authorization') ?? '')?.[1];
  const isList = method === 'GET' && /^(true|1)$/.test(url.searchParams.get('list') ?? '');
  return {
    method: isList ? 'LIST' : method,
    path: decodePath(path),
    query: url.searchParams,
    token: header('x-vault-token') ?? bearer ?? '',
    body,
  };
}

/** Reads the body whole as a JSON object; an empty one is `{}`. */
export async function readBody(message: IncomingMessage): Promise<VaultRequest['body']> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new VaultFailure(413, 'http: request body too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new VaultFailure(400, 'failed to parse JSON input');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VaultFailure(400, 'failed to parse JSON input: not an object');
  }
  return { ...value };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new VaultFailure(400, 'the path is not a valid encoding');
  }
}
