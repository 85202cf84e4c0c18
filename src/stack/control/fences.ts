import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { hasErrno } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { ControlError } from './service.ts';

/** The request header in which whoever holds a lease tells its number. */
const header = 'x-aurora-fence';
const number = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const kept = z.partialRecord(z.enum(environmentNames), number);
type Kept = z.infer<typeof kept>;

/** The highest number seen of each environment, kept in a file so that a restart forgets none. */
export interface Fences {
  /**
   * Lets a change pass that came with this number, and refuses every lower one from then on. Written
   * down before it resolves. A ControlError 409 when a higher number was seen.
   */
  admit(environment: EnvironmentName, fence: number): Promise<void>;
}

async function load(file: string): Promise<Kept> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return {};
    throw new Error(`the numbers of leases in ${file} cannot be read; remove it to forget them`, {
      cause: error,
    });
  }
}

function lower(environment: EnvironmentName, fence: number, highest: number, file: string) {
  const message =
    `${environment} is changed under lease ${highest} by now, this request came with ${fence}; ` +
    `should the leases have begun anew elsewhere, remove ${file} and restart`;
  return new ControlError(409, 'FENCE_LOWER', message, { fence: highest });
}

/** Opens the numbers of a file. A file that holds something else is an error. */
export async function openFences(file: string): Promise<Fences> {
  const highest = await load(file);
  let last: Promise<unknown> = Promise.resolve();
  const admit = async (environment: EnvironmentName, fence: number) => {
    const seen = highest[environment] ?? 0;
    if (fence < seen) throw lower(environment, fence, seen, file);
    if (fence === seen) return;
    await writeFileAtomic(file, `${JSON.stringify({ ...highest, [environment]: fence })}\n`);
    highest[environment] = fence;
  };
  return {
    admit: (environment, fence) => {
      const done = last.then(() => admit(environment, fence));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

/**
 * Refuses changes of whoever was overtaken. A request without a number passes: an administrator's.
 * Looks right before the handler runs, since a request may have been on its way for long.
 */
export function fenceChanges(
  app: FastifyInstance,
  fences: Fences,
  /** Undefined for a request that changes no environment. */
  environmentOf: (request: FastifyRequest) => EnvironmentName | undefined,
): void {
  app.addHook('preHandler', async (request) => {
    const told = request.headers[header];
    const environment = request.method === 'GET' ? undefined : environmentOf(request);
    if (told === undefined || environment === undefined) return;
    const fence = number.safeParse(told);
    if (!fence.success) {
      throw new ControlError(400, 'REQUEST_INVALID', `${header}: a whole number of at least 1`);
    }
    await fences.admit(environment, fence.data);
  });
}
