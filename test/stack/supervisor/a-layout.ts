import { join } from 'node:path';
import { packageRoot } from '../../../src/base/package-root.ts';
import {
  choosePorts,
  createSecrets,
  type StackLayout,
} from '../../../src/stack/supervisor/layout.ts';
import type { Sources } from '../../../src/stack/supervisor/sources.ts';

const embedded = { from: 'embedded' } as const;

/** A layout in a directory, as a supervisor would make it. */
export async function aLayout(
  directory: string,
  sources: Partial<Sources> = {},
): Promise<StackLayout> {
  return {
    directory,
    stateDirectory: join(directory, '..'),
    partsDirectory: join(directory, 'parts'),
    fixtures: join(packageRoot(), 'fixtures'),
    flagsRuntime: join(directory, 'no-runtime'),
    flagsTemplate: join(directory, 'no-template'),
    sources: { mongodb: embedded, vault: embedded, redis: embedded, ...sources },
    ports: await choosePorts(),
    secrets: createSecrets(),
    mark: 'aurora_stack_0123abcd',
  };
}
