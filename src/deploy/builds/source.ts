import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AuroraError, messageOf } from '../../base/errors.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and -');
const version = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,60}$/, 'a version such as 1.4.0');

/** `build.json` of a build's source directory. */
const schema = z.strictObject({
  name,
  version,
  /** What the widget's button says. */
  widget: z.strictObject({ label: z.string().min(1).max(40) }).optional(),
});

/** What a build is packed from. */
export interface BuildSource {
  readonly directory: string;
  readonly name: string;
  readonly version: string;
  readonly widgetLabel: string;
  /** Absolute path of the plugin; null when the build is the reference concierge as it is. */
  readonly plugin: string | null;
}

/** Reads a source directory. BUILD_PACK_FAILED names the file that is not as it must be. */
export async function readSource(
  directory: string,
  given: { readonly name?: string; readonly version?: string } = {},
): Promise<BuildSource> {
  const file = join(directory, 'build.json');
  const fail = (reason: string, cause?: unknown) =>
    new AuroraError('BUILD_PACK_FAILED', reason, { where: file, cause });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw fail(messageOf(error), error);
  }
  const parsed = schema.safeParse({ ...(content as object), ...given });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw fail(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`.trim());
  }
  const plugin = resolve(directory, 'plugin.ts');
  return {
    directory,
    name: parsed.data.name,
    version: parsed.data.version,
    widgetLabel: parsed.data.widget?.label ?? 'Concierge',
    plugin: existsSync(plugin) ? plugin : null,
  };
}
