import { describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { assessIndex, indexes } from '../../src/checks/indexes.ts';
import type { IndexInfo } from '../../src/services/database/database.ts';
import { contextWith, someServices } from './support/context.ts';
import { MemoryDatabase } from './support/memory.ts';

function index(...names: string[]): IndexInfo {
  const fields = names.map((name) => ({ name, direction: 1 }));
  return { name: `${names.join('_1_')}_1`, fields, unique: false };
}

const wanted = { collection: 'widgetShortlists', field: 'sessionId' };
const complete = {
  widgetShortlists: [index('_id'), index('sessionId', 'expiresAt')],
  capsuleHolds: [index('_id'), index('expiresAt')],
  csatFeedback: [index('_id'), index('sessionId')],
};

describe('indexes', () => {
  it('are served by a single field or by a compound index that it leads', () => {
    expect(assessIndex('staging', wanted, [index('sessionId')]).status).toBe('pass');
    expect(assessIndex('staging', wanted, [index('sessionId', 'expiresAt')])).toMatchObject({
      status: 'pass',
      observed: 'sessionId_1_expiresAt_1 (sessionId + expiresAt)',
    });
  });

  it('are not served by a compound index that another field leads', () => {
    expect(assessIndex('staging', wanted, [index('expiresAt', 'sessionId')])).toMatchObject({
      status: 'fail',
      observed: 'only expiresAt_1_sessionId_1 (expiresAt + sessionId)',
    });
  });

  it('are missing when the collection is, and the remedy is the migration', () => {
    const result = assessIndex('staging', wanted, []);
    expect(result).toMatchObject({ status: 'fail', observed: 'no index, or no such collection' });
    expect(result.remedy).toContain('migrate:up');
  });

  it('of the checklist are looked for in both environments', async () => {
    const database = new MemoryDatabase({ ...complete, csatFeedback: [index('_id')] });
    const services = someServices({ database: async () => database });
    const results = await indexes.run(indexes.params.parse({}), contextWith({ services }));
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      ['indexes/staging/widgetShortlists.sessionId', 'pass'],
      ['indexes/staging/capsuleHolds.expiresAt', 'pass'],
      ['indexes/staging/csatFeedback.sessionId', 'fail'],
      ['indexes/production/widgetShortlists.sessionId', 'pass'],
      ['indexes/production/capsuleHolds.expiresAt', 'pass'],
      ['indexes/production/csatFeedback.sessionId', 'fail'],
    ]);
    expect(results[2]?.remedy).toContain('widgetCSAT');
  });

  it('cannot be measured without the database', async () => {
    const away = async () => {
      throw new AuroraError('SERVICE_UNREACHABLE', 'no answer', { where: 'mongodb 127.0.0.1:1' });
    };
    const services = someServices({ database: away });
    const results = await indexes.run(indexes.params.parse({}), contextWith({ services }));
    expect(results.map(({ status }) => status)).toEqual(Array(6).fill('error'));
  });
});
