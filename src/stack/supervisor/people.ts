import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrno } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { approverLine } from '../../proof/ssh/allowed-signers.ts';
import { generateKey } from '../../proof/ssh/private-key.ts';
import { type PublicKey, parsePublicKey } from '../../proof/ssh/public-key.ts';
import { writeKeyPair } from '../../services/signing/write-key.ts';
import type { StackLayout } from './layout.ts';

type Place = Pick<StackLayout, 'directory'>;

/** The people of the company on a laptop who give their word, by the name of their key file. */
const people = {
  'omar.v': { name: 'Omar V.', roles: ['product-manager'] },
  'sam.k': { name: 'Sam K.', roles: ['product-manager'] },
  'rita.m': { name: 'Rita M.', roles: ['release-manager'] },
} as const;

/** The private key of a person; `.pub` beside it is the public one. */
export const keyFile = ({ directory }: Place, person: keyof typeof people) =>
  join(directory, 'keys', person);

/** Who may approve, as the configuration of the stack names it. */
export const approversFile = ({ directory }: Place) => join(directory, 'approvers');

/** A key that is there stays: what was signed with it must go on to verify. */
async function keyOf(layout: Place, person: keyof typeof people): Promise<PublicKey> {
  const path = keyFile(layout, person);
  const halves = [path, `${path}.pub`] as const;
  try {
    const [, text] = await Promise.all(halves.map((half) => readFile(half, 'utf8')));
    return parsePublicKey(text ?? '');
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
    // One half without the other is of no use.
    await Promise.all(halves.map((half) => rm(half, { force: true })));
  }
  const { privateKey, publicKey } = generateKey(people[person].name);
  await writeKeyPair(path, privateKey, publicKey);
  return publicKey;
}

/** Gives everybody a key, with Node alone, and writes the list of who may approve. */
export async function writePeople(layout: Place): Promise<void> {
  const names = Object.keys(people) as (keyof typeof people)[];
  const lines = await Promise.all(
    names.map(async (person) => {
      const key = await keyOf(layout, person);
      return approverLine({ id: `${person}@aurora.example`, ...people[person], key });
    }),
  );
  const head = `# Written by \`aurora stack up\`: who may approve, in the format of OpenSSH's allowed signers.
# The keys lie in keys/, worth nothing outside of this machine.
`;
  await writeFileAtomic(approversFile(layout), `${head}${lines.join('\n')}\n`);
}
