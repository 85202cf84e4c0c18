import { mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sameKey } from '../../../src/proof/ssh/public-key.ts';
import { readApprovers } from '../../../src/services/signing/approvers-file.ts';
import { openSigner } from '../../../src/services/signing/signing.ts';
import { approversFile, keyFile, writePeople } from '../../../src/stack/supervisor/people.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-people-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const keyText = (person: 'omar.v' | 'sam.k' | 'rita.m') => readFile(keyFile({ directory }, person));

describe('the people of a stack', () => {
  it('are the plan’s, each with a key that signs and is known to the approvers file', async () => {
    await writePeople({ directory });
    const { signers } = await readApprovers(approversFile({ directory }));
    expect(signers.map(({ id, name, roles }) => ({ id, name, roles }))).toEqual([
      { id: 'omar.v@aurora.example', name: 'Omar V.', roles: ['product-manager'] },
      { id: 'sam.k@aurora.example', name: 'Sam K.', roles: ['product-manager'] },
      { id: 'rita.m@aurora.example', name: 'Rita M.', roles: ['release-manager'] },
    ]);
    const { signal } = new AbortController();
    for (const [index, person] of (['omar.v', 'sam.k', 'rita.m'] as const).entries()) {
      const path = keyFile({ directory }, person);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const signer = await openSigner({ path, variables: {}, home: directory }, signal);
      const listed = signers[index]?.key;
      expect(signer !== null && listed !== undefined && sameKey(signer.key, listed)).toBe(true);
    }
  });

  it('keep their keys when the stack comes up again', async () => {
    await writePeople({ directory });
    const before = await keyText('omar.v');
    const list = await readFile(approversFile({ directory }), 'utf8');
    await writePeople({ directory });
    expect(await keyText('omar.v')).toEqual(before);
    expect(await readFile(approversFile({ directory }), 'utf8')).toBe(list);
  });

  it('get a new key where half of one was lost, and that one is listed', async () => {
    await writePeople({ directory });
    const before = await keyText('omar.v');
    await unlink(`${keyFile({ directory }, 'omar.v')}.pub`);
    await writePeople({ directory });
    expect(await keyText('omar.v')).not.toEqual(before);
    const { signers } = await readApprovers(approversFile({ directory }));
    expect(signers).toHaveLength(3);
  });
});
