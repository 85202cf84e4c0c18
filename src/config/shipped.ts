import { join } from 'node:path';
import { packageRoot } from '../base/package-root.ts';

/** The checklists that ship with aurora: the deployment plan of version 1.0.0. */
export function shippedChecklists(): string {
  return join(packageRoot(), 'checklists');
}
