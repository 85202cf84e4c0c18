import { randomBytes } from 'node:crypto';

/**
 * A name for a release that sorts by time and reads well: `20261122-043205-1.4.0-3f9a`.
 * `label` is the version, or a word such as `rollback`.
 */
export function releaseId(now: number, label: string): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const safe = label.replace(/[^A-Za-z0-9.]+/g, '-').slice(0, 40);
  return `${time}-${safe}-${randomBytes(2).toString('hex')}`;
}
