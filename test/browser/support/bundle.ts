import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/package-root.ts';
import type { Identity } from '../../../src/concierge/identity.ts';
import { bundle } from '../../../src/deploy/builds/bundle.ts';
import { readSource } from '../../../src/deploy/builds/source.ts';

/** The widget of a fixture's build, as packing makes it. */
export async function widgetOf(version: string): Promise<Identity['widget']> {
  const root = packageRoot();
  const source = await readSource(join(root, 'fixtures', 'builds', version));
  const content = Buffer.from((await bundle(source, root)).widget);
  return { digest: createHash('sha256').update(content).digest('hex'), content };
}
