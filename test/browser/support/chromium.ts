import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

function onPath(): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The browser of this machine; undefined where there is none. */
export const browserPath = onPath();

/** Why the browser tests do not run here; undefined when they do. */
export const skipReason =
  browserPath === undefined
    ? `no browser on PATH (${names.join(', ')}): the widget is not looked at here`
    : undefined;

/** Starts the browser. As root it has no sandbox of its own. */
export async function launch(): Promise<Browser> {
  if (browserPath === undefined) throw new Error(skipReason);
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: browserPath, args });
}
