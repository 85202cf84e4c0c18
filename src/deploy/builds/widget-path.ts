import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestSchema } from './manifest.ts';

/** The path under which customers get the widget bundle of an unpacked build. */
export async function widgetPath(directory: string): Promise<string> {
  const text = await readFile(join(directory, 'manifest.json'), 'utf8');
  return `/widget/${manifestSchema.parse(JSON.parse(text)).files['widget.js']}.js`;
}
