import type { PublicKey } from '../../proof/ssh/public-key.ts';
import { signMessage } from '../../proof/ssh/sshsig.ts';
import { chooseKey, type KeyChoice, type KeySource } from './key-files.ts';

/** Signs in a person's name. */
export interface Signer {
  readonly key: PublicKey;
  /** For people: `key file ~/.ssh/id_ed25519`. */
  readonly how: string;
  /** The armored signature of a text for one purpose. SIGNING_FAILED, or the signal's reason. */
  sign(message: string, namespace: string, signal: AbortSignal): Promise<string>;
}

/**
 * Finds the person's key: `choice.path` (a private key or a `.pub`), AURORA_KEY, then `id_ed25519`,
 * `id_ecdsa` and `id_rsa` of `~/.ssh`. An unencrypted ed25519 key signs here; any other one (with a
 * passphrase, RSA, in an agent, on a security key) through `ssh-keygen`, which asks by itself.
 * Null when there is none and none was named; SIGNING_KEY_UNREADABLE.
 */
export async function openSigner(choice: KeyChoice, signal: AbortSignal): Promise<Signer | null> {
  signal.throwIfAborted();
  const source = await chooseKey(choice);
  return source === null ? null : signerOf(source, choice);
}

function signerOf(source: KeySource, choice: KeyChoice): Signer {
  if (source.privateKey !== null) {
    const own = source.privateKey;
    return {
      key: own.publicKey,
      how: `key file ${source.shown}`,
      sign: async (message, namespace, signal) => {
        signal.throwIfAborted();
        return signMessage(message, own, namespace);
      },
    };
  }
  const { publicKey: key, path, shown } = source;
  const { variables } = choice;
  return {
    key,
    how: `ssh-keygen with ${shown}`,
    sign: async (message, namespace, signal) => {
      const { signWithKeygen } = await import('./ssh-keygen.ts');
      return signWithKeygen({ key, path, variables }, { message, namespace }, signal);
    },
  };
}
