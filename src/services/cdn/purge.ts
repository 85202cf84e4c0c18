import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError, hasCode, messageOf } from '../../base/errors.ts';
import { revealed, Secret } from '../../base/secret.ts';
import { sha256 } from '../../proof/digest.ts';
import type { HttpChange, Prepared } from '../change.ts';
import type { Dispatcher } from '../http/connect.ts';
import { type HttpBytes, httpBytes } from '../http/request.ts';
import { type Sending, sendChange } from '../http/send-change.ts';
import type { CdnAnswer, CdnService } from './cdn.ts';

const pointerPath = '/widget.js';

/** A CDN that takes PURGE requests at the address customers use, as Varnish and its kin do. */
export interface PurgeCdnOptions {
  readonly urls: Readonly<Record<EnvironmentName, string>>;
  readonly token?: Secret | undefined;
}

/** The bundle that a pointer script names; null when it names none, as while the flag is off. */
export function bundleNamedBy(script: string): string | null {
  return /\/widget\/[0-9a-f]{64}\.js/.exec(script)?.[0] ?? null;
}

/** Whether an answer says that it comes from a cache: `HIT`, or `MISS, HIT` through two layers. */
function isHit(headers: Readonly<Record<string, string>>): boolean {
  const told = headers['x-cache'] ?? headers['cf-cache-status'] ?? '';
  return told
    .toUpperCase()
    .split(/[\s,]+/)
    .includes('HIT');
}

function read(path: string, { status, headers, bytes }: HttpBytes): CdnAnswer {
  const isPointer = path === pointerPath && status === 200;
  return {
    status,
    cached: isHit(headers),
    build: headers['x-aurora-build'] ?? null,
    bodyDigest: sha256(bytes),
    pointsTo: isPointer ? bundleNamedBy(new TextDecoder().decode(bytes)) : null,
  };
}

/** Time for one path: several of them, one after the other, must fit into one compensation. */
const purgeMs = 5_000;

/** The request that makes the CDN forget one path. */
export function purgeChange(
  { urls, token }: PurgeCdnOptions,
  environment: EnvironmentName,
  path: string,
): HttpChange {
  return {
    via: 'http',
    service: `purge ${urls[environment]}`,
    method: 'PURGE',
    url: new URL(path, urls[environment]).href,
    headers:
      token === undefined
        ? {}
        : { authorization: new Secret(`Bearer ${token.reveal()}`, token.source) },
  };
}

async function purgeOne(change: HttpChange, sending: Sending, signal: AbortSignal): Promise<void> {
  const answer = await sendChange(change, { ...sending, timeoutMs: purgeMs }, signal);
  if (answer.status >= 200 && answer.status < 300) return;
  throw new AuroraError('SERVICE_REFUSED', `the CDN answered ${answer.status} to a purge`, {
    where: `PURGE ${revealed(change.url)}`,
  });
}

/** Each is tried, so that one refusal leaves no other path stale; the first failure is told. */
async function purgeEach(
  changes: readonly HttpChange[],
  sending: Sending,
  signal: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  for (const change of changes) {
    try {
      await purgeOne(change, sending, signal);
    } catch (error) {
      if (signal.aborted || hasCode(error, 'LEASE_LOST')) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Opens the CDN's client; no connection yet. `dispatcher` knows the configuration's connect map. */
export function openPurgeCdn(options: PurgeCdnOptions, dispatcher?: Dispatcher): CdnService {
  const through = dispatcher === undefined ? {} : { dispatcher };
  const { urls } = options;
  const preparePurge = (environment: EnvironmentName, paths: readonly string[]): Prepared => {
    const changes = paths.map((path) => purgeChange(options, environment, path));
    return { changes, send: (signal) => purgeEach(changes, through, signal) };
  };
  const cdn: CdnService = {
    label: `purge ${urls.staging}, ${urls.production}`,
    preparePurge,
    purge: async (environment, paths, signal) => {
      await preparePurge(environment, paths).send(signal);
    },
    look: async (environment, path, signal) => {
      const url = new URL(path, urls[environment]).href;
      return read(path, await httpBytes({ url, ...through }, signal));
    },
    health: async (signal) => {
      try {
        const seen = await Promise.all(
          environmentNames.map(async (environment) => {
            const { status } = await cdn.look(environment, pointerPath, signal);
            return { status, text: `${environment} answers ${status}` };
          }),
        );
        const ok = seen.every(({ status }) => status < 500);
        const detail = seen.map(({ text }) => text).join(', ');
        const remedy = 'Check that a stable slot takes traffic in each environment.';
        return ok ? { ok, detail } : { ok, detail, remedy };
      } catch (error) {
        const remedy = 'Check services.cdn.urls, and the connect: map of each environment.';
        return { ok: false, detail: messageOf(error), remedy };
      }
    },
  };
  return cdn;
}
