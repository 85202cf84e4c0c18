import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateKey } from '../../../src/proof/ssh/private-key.ts';
import { fingerprint, publicKeyText } from '../../../src/proof/ssh/public-key.ts';
import { readApprovers } from '../../../src/services/signing/approvers-file.ts';
import { Workshop } from './workshop.ts';

let shop: Workshop;
beforeEach(async () => {
  shop = await new Workshop().open();
});
afterEach(() => shop.close());

const key = generateKey('').publicKey;

describe('the approvers file', () => {
  it('lists nobody when it is not there, and keeps its path', async () => {
    const path = shop.path('approvers');
    expect(await readApprovers(path)).toEqual({ path, signers: [], revoked: [] });
  });

  it('is read together with the revoked keys beside it', async () => {
    const path = await shop.write('approvers', `omar@a ${publicKeyText(key)} Omar V.\n`);
    await shop.write('approvers.revoked', `${fingerprint(key)}\n`);
    expect(await readApprovers(path)).toMatchObject({
      signers: [{ id: 'omar@a' }],
      revoked: [{ fingerprint: fingerprint(key) }],
    });
  });

  it.each(['approvers', 'approvers.revoked'])('is refused when %s cannot be read', async (name) => {
    await shop.write(`${name}/inside`, '');
    await expect(readApprovers(shop.path('approvers'))).rejects.toMatchObject({
      code: 'APPROVERS_INVALID',
      where: shop.path(name),
    });
  });

  it('is refused with file and line when the revoked keys make no sense', async () => {
    await shop.write('approvers.revoked', 'the laptop of Omar\n');
    await expect(readApprovers(shop.path('approvers'))).rejects.toMatchObject({
      code: 'APPROVERS_INVALID',
      where: `${shop.path('approvers.revoked')}:1`,
    });
  });
});
