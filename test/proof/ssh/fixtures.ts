import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What ssh-keygen signed once, with keys that are gone. */
export const made = JSON.parse(
  readFileSync(fileURLToPath(new URL('./fixtures/signatures.json', import.meta.url)), 'utf8'),
) as {
  readonly namespace: string;
  readonly message: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly publicKey: string;
    readonly fingerprint: string;
    readonly armored: string;
  }[];
};
