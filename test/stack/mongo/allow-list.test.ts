import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeAllowList } from '../../../src/stack/mongo/allow-list.ts';

describe('docs/embedded-database.md', () => {
  it('says exactly what the server allows', async () => {
    const docs = await readFile(
      new URL('../../../docs/embedded-database.md', import.meta.url),
      'utf8',
    );
    const [, table] = /<!-- allow-list -->\n\n([\s\S]*?)\n\n<!-- \/allow-list -->/.exec(docs) ?? [];
    expect(table).toBe(describeAllowList());
  });
});
