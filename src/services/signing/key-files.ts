import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuroraError, hasErrno, messageOf } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import { type PrivateKey, parsePrivateKey, publicKeyInside } from '../../proof/ssh/private-key.ts';
import { type PublicKey, parsePublicKey } from '../../proof/ssh/public-key.ts';

/** Where a person's key may have been named. */
export interface KeyChoice {
  /** `--key`: a private key or a `.pub`. */
  readonly path?: string | undefined;
  /** AURORA_KEY is looked up here; `ssh-keygen` gets what it needs of it. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The person's home directory. */
  readonly home: string;
  /** What a relative path begins at; the process's own when left out. */
  readonly workingDirectory?: string | undefined;
}

/** A key that was found. `privateKey` is null where only ssh-keygen can sign with it. */
export interface KeySource {
  /** The file for ssh-keygen. */
  readonly path: string;
  /** The same for people, the home directory as `~`. */
  readonly shown: string;
  readonly publicKey: PublicKey;
  readonly privateKey: PrivateKey | null;
}

const usualNames = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** The key that was named, or the first of the usual ones that is there; null without either. */
export async function chooseKey(choice: KeyChoice): Promise<KeySource | null> {
  const fromVariable = choice.variables.AURORA_KEY;
  const named = choice.path ?? (fromVariable === '' ? undefined : fromVariable);
  if (named !== undefined) {
    const path = resolve(choice.workingDirectory ?? '.', named.replace(/^~(?=\/)/, choice.home));
    const source = await openKey(path, choice.home);
    if (source !== null) return source;
    throw unreadable('there is no such key', path);
  }
  for (const name of usualNames) {
    const source = await openKey(join(choice.home, '.ssh', name), choice.home);
    if (source !== null) return source;
  }
  return null;
}

function unreadable(message: string, where: string, remedy?: string): AuroraError {
  const more = remedy === undefined ? {} : { remedy };
  return new AuroraError('SIGNING_KEY_UNREADABLE', message, { where, ...more });
}

/** Opens a key by either of its two files; null when neither is there. */
async function openKey(path: string, home: string): Promise<KeySource | null> {
  const byPublic = path.endsWith('.pub');
  const publicPath = byPublic ? path : `${path}.pub`;
  const privatePath = byPublic ? path.slice(0, -'.pub'.length) : path;
  const shown = path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
  const pem = await readPrivate(privatePath);
  if (pem === null) {
    const publicKey = await readPublic(publicPath);
    // Without a private half in a file, ssh-keygen looks for it in the agent.
    return publicKey && { path: publicPath, shown, publicKey, privateKey: null };
  }
  const privateKey = located(privatePath, () => parsePrivateKey(pem));
  if (typeof privateKey !== 'string') {
    return { path, shown, publicKey: privateKey.publicKey, privateKey };
  }
  const publicKey = publicKeyInside(pem) ?? (await readPublic(publicPath));
  if (publicKey !== null) return { path, shown, publicKey, privateKey: null };
  throw unreadable(
    'this file does not tell its public half',
    privatePath,
    `Put the public key beside it: ssh-keygen -y -f ${privatePath} > ${publicPath}`,
  );
}

/** The text of a private key file; null when there is none. Others must not be able to read it. */
async function readPrivate(path: string): Promise<Secret | null> {
  const text = await readText(path);
  if (text === null) return null;
  const { mode, uid } = await stat(path);
  // As ssh has it: a file of somebody else's was put there by whoever runs this machine.
  if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
    throw unreadable('other users may read the private key', path, `Run: chmod 600 ${path}`);
  }
  return new Secret(text, `key file ${path}`);
}

async function readPublic(path: string): Promise<PublicKey | null> {
  const text = await readText(path);
  return text === null ? null : located(path, () => parsePublicKey(text));
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT') || hasErrno(cause, 'ENOTDIR')) return null;
    throw unreadable(`the key cannot be read: ${messageOf(cause)}`, path);
  }
}

/** Reads with the file's name in the error. */
function located<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(messageOf(cause), path);
  }
}
