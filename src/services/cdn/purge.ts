import type { Dispatcher } from 'undici';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { sha256 } from '../../proof/digest.ts';
import { type HttpBytes, http, httpBytes } from '../http/request.ts';
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

/** Opens the CDN's client; no connection yet. `dispatcher` knows the configuration's connect map. */
export function openPurgeCdn(options: PurgeCdnOptions, dispatcher?: Dispatcher): CdnService {
  const through = dispatcher === undefined ? {} : { dispatcher };
  const { urls, token } = options;
  const addressOf = (environment: EnvironmentName, path: string) =>
    new URL(path, urls[environment]).href;

  const purgeOne = async (environment: EnvironmentName, path: string, signal: AbortSignal) => {
    const url = addressOf(environment, path);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` };
    const answer = await http({ method: 'PURGE', url, headers, ...through }, signal);
    if (answer.status >= 200 && answer.status < 300) return;
    throw new AuroraError('SERVICE_REFUSED', `the CDN answered ${answer.status} to a purge`, {
      where: `PURGE ${url}`,
    });
  };

  const cdn: CdnService = {
    label: `purge ${urls.staging}, ${urls.production}`,
    purge: async (environment, paths, signal) => {
      // Each path is tried, so that one refusal leaves no other path stale.
      const results = await Promise.allSettled(
        paths.map((path) => purgeOne(environment, path, signal)),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    look: async (environment, path, signal) => {
      const url = addressOf(environment, path);
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
