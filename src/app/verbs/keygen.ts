import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { approverLine, idProblem, roleSlug } from '../../proof/ssh/allowed-signers.ts';
import { generateKey } from '../../proof/ssh/private-key.ts';
import { fingerprint, publicKeyText } from '../../proof/ssh/public-key.ts';
import { writeKeyPair } from '../../services/signing/write-key.ts';
import type { GlobalOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';

/** Options of `keygen`. */
export interface KeygenOptions extends GlobalOptions {
  readonly name: string;
  readonly id: string;
  readonly role?: readonly string[];
}

/** Whose key it is, in the words of the approvers file. USAGE for what cannot stand there. */
function personOf(options: KeygenOptions) {
  const name = options.name.trim();
  // A line break would make a second line of the file, with other rights perhaps.
  if (name === '' || /\p{Cc}/u.test(name)) {
    throw new AuroraError('USAGE', 'the name must be a text on one line');
  }
  const problem = idProblem(options.id);
  if (problem !== undefined) {
    throw new AuroraError('USAGE', problem, {
      remedy: 'An address is a good id: --id omar.v@aurora.example',
    });
  }
  const roles = (options.role ?? []).map((role) => {
    const slug = roleSlug(role);
    if (slug === '') throw new AuroraError('USAGE', `"${role}" has no letter to make a role of`);
    return slug;
  });
  return { id: options.id, name, roles: [...new Set(roles)] };
}

/** `aurora keygen [file]`: makes a key with Node alone, and the line that lets it approve. */
export async function keygenVerb(
  io: Io,
  file: string | undefined,
  options: KeygenOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  const person = personOf(options);
  const home = io.variables.HOME ?? homedir();
  const usual = join(home, '.ssh', 'id_ed25519');
  const path = file === undefined ? usual : resolve(io.workingDirectory, file);
  const { privateKey, publicKey } = generateKey(person.name);
  await writeKeyPair(path, privateKey, publicKey);
  const line = approverLine({ ...person, key: publicKey });
  const print = fingerprint(publicKey);
  output.document('key', {
    file: path,
    publicKey: publicKeyText(publicKey),
    fingerprint: print,
    approversLine: line,
  });
  const use = path === usual ? 'finds it there' : `takes it with --key ${path}`;
  output.text([
    `private key: ${path} (mode 0600, no passphrase; \`ssh-keygen -p -f ${path}\` sets one)`,
    `public key:  ${path}.pub (${print})`,
    '',
    'add this line to the approvers file (checklists/approvers), in a change that others review:',
    '',
    line,
    '',
    `next: once it is in, \`aurora approvers\` lists the key, and \`aurora approve\` ${use}`,
  ]);
  if (person.roles.length === 0) {
    output.remark('the line names no role yet: without one the key may approve nothing (--role)');
  }
  return 0;
}
