import { join } from 'node:path';
import { hasCode } from '../base/errors.ts';
import type { BuildStore } from '../release/engine.ts';

/** Where the packed builds of a state directory lie. */
export function buildsDirectory(stateDirectory: string): string {
  return join(stateDirectory, 'builds');
}

/** The builds of a state directory; each is verified whenever it is handed out. */
export function openBuildStore(stateDirectory: string): BuildStore {
  const store = buildsDirectory(stateDirectory);
  const find = async (selector: string) => {
    const { findBuild, verifyBuild } = await import('../deploy/builds/index.ts');
    const build = await findBuild(store, selector);
    await verifyBuild(build.directory, build.digest);
    return build;
  };
  return {
    find,
    byDigest: async (digest) => {
      try {
        return await find(digest);
      } catch (error) {
        if (hasCode(error, 'BUILD_UNKNOWN')) return null;
        throw error;
      }
    },
  };
}
