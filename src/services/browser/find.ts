import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AuroraError } from '../../base/errors.ts';

/** What a Chromium is called; the first that is found is taken. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function mayRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The Chromium of this machine: what AURORA_BROWSER names, else the first on PATH. BROWSER_MISSING
 * when there is none, or when AURORA_BROWSER is `off`.
 */
export async function findBrowser(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const named = variables.AURORA_BROWSER;
  if (named === 'off') throw new AuroraError('BROWSER_MISSING', 'AURORA_BROWSER is off');
  if (named !== undefined && named !== '') {
    if (await mayRun(named)) return named;
    throw new AuroraError('BROWSER_MISSING', 'what AURORA_BROWSER names cannot be run', {
      where: named,
    });
  }
  const directories = (variables.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const directory of directories) {
      const path = join(directory, name);
      if (await mayRun(path)) return path;
    }
  }
  throw new AuroraError('BROWSER_MISSING', `no browser on PATH (${names.join(', ')})`);
}
