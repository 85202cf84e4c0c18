import { execa } from 'execa';
import { AuroraError } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import { type PublicKey, sameKey } from '../../proof/ssh/public-key.ts';
import { verifySignature } from '../../proof/ssh/sshsig.ts';

/** Time to type a passphrase or to find and touch a security key. */
const signingMs = 120_000;

/** What ssh-keygen needs to find the agent, ask and be asked; nothing else of the environment. */
const neededVariables: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TERM',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
  'SSH_ASKPASS',
  'SSH_ASKPASS_REQUIRE',
  'SSH_SK_PROVIDER',
  'SSH_SK_HELPER',
];

/** The command that signs what it reads from standard input, for one purpose. */
export function keygenCommand(namespace: string, path: string): readonly [string, string[]] {
  return ['ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', path]];
}

/**
 * Signs with ssh-keygen: keys with a passphrase, in an agent or on a security key. The terminal is
 * left to it, so that it can ask. The armored signature; SIGNING_FAILED, or the signal's reason.
 */
export async function signWithKeygen(
  using: {
    readonly key: PublicKey;
    readonly path: string;
    readonly variables: Readonly<Record<string, string | undefined>>;
  },
  what: { readonly message: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const [file, args] = keygenCommand(what.namespace, using.path);
  // It asks for a touch only where it sees a terminal; elsewhere what it says goes into the error.
  const seen = process.stderr.isTTY === true;
  const result = await execa(file, args, {
    input: what.message,
    stderr: seen ? 'inherit' : 'pipe',
    stripFinalNewline: false,
    env: Object.fromEntries(neededVariables.map((name) => [name, using.variables[name]])),
    extendEnv: false,
    timeout: signingMs,
    cancelSignal: signal,
    reject: false,
  });
  if (signal.aborted) throw signal.reason;
  const armored = result.stdout;
  if (result.exitCode === 0 && isBy(using.key, armored, what)) return armored;
  throw failure(result, using.path);
}

/** What was made is looked at before it is used: another key may have answered. */
function isBy(
  key: PublicKey,
  armored: string,
  what: { readonly message: string; readonly namespace: string },
): boolean {
  const verdict = verifySignature(what.message, armored, what.namespace);
  return verdict.ok && sameKey(verdict.key, key);
}

function failure(
  result: {
    readonly exitCode?: number | undefined;
    readonly code?: string | undefined;
    readonly timedOut: boolean;
    readonly stderr?: string | undefined;
  },
  path: string,
): AuroraError {
  const fail = (message: string, remedy?: string) =>
    new AuroraError('SIGNING_FAILED', message, {
      where: path,
      ...(remedy === undefined ? {} : { remedy }),
    });
  if (result.code === 'ENOENT') {
    return fail(
      'this key needs ssh-keygen, which is not installed',
      'Install OpenSSH, or name a key of `aurora keygen` with --key.',
    );
  }
  if (result.timedOut) return fail(`ssh-keygen did not end within ${signingMs / 1_000} s`);
  if (result.exitCode === 0) return fail('ssh-keygen signed with another key than this one');
  const said = redact(result.stderr ?? '')
    .trim()
    .split(/\s*\n\s*/)
    .slice(-3)
    .join(' | ');
  return fail(`ssh-keygen did not sign: ${said === '' ? 'see what it says above' : said}`);
}
