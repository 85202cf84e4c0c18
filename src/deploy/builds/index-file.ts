import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { privateDirectory, writeFileAtomic } from '../../base/files.ts';

const entry = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  packedAt: z.iso.datetime(),
});

/** `name@version` -> build. */
const schema = z.record(z.string(), entry);

export type BuildIndex = z.infer<typeof schema>;

const lockPatienceMs = 10_000;
/** A lock this old was left by a process that died: changing the index takes milliseconds. */
const lockStaleMs = 5_000;

const indexFile = (directory: string): string => join(directory, 'index.json');

/** Reads the index of a build directory; empty when there is none yet. STORE_FAILED when broken. */
export async function readIndex(directory: string): Promise<BuildIndex> {
  const where = indexFile(directory);
  try {
    return schema.parse(JSON.parse(await readFile(where, 'utf8')));
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ENOENT') return {};
    throw new AuroraError('STORE_FAILED', `the index of builds is not readable`, { where, cause });
  }
}

/** Changes the index under a lock, so that two packs at once lose neither entry. */
export async function updateIndex(
  directory: string,
  change: (index: BuildIndex) => BuildIndex,
): Promise<void> {
  const lock = join(directory, 'index.lock');
  await takeLock(lock);
  try {
    const changed = change(await readIndex(directory));
    await writeFileAtomic(indexFile(directory), `${JSON.stringify(changed, null, 2)}\n`);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** A directory is made by one process only, on every file system. */
async function takeLock(lock: string): Promise<void> {
  const giveUpAt = Date.now() + lockPatienceMs;
  for (;;) {
    try {
      await mkdir(lock, { mode: privateDirectory });
      return;
    } catch (cause) {
      const code = (cause as { code?: unknown }).code;
      if (code !== 'EEXIST' || Date.now() > giveUpAt) {
        throw new AuroraError('STORE_FAILED', `cannot lock the index: ${messageOf(cause)}`, {
          where: lock,
          cause,
        });
      }
    }
    await dropIfStale(lock);
    await delay(20);
  }
}

async function dropIfStale(lock: string): Promise<void> {
  const held = await stat(lock).catch(() => undefined);
  if (held !== undefined && Date.now() - held.mtimeMs > lockStaleMs) {
    await rm(lock, { recursive: true, force: true });
  }
}
