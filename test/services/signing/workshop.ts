import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa, execaSync } from 'execa';

function isThere(program: string): boolean {
  // Not every one has an option that does nothing: whatever it says, it is there.
  return execaSync(program, ['-?'], { reject: false, timeout: 5_000 }).code !== 'ENOENT';
}

/** Whether OpenSSH is on this machine; aurora needs it for some keys only. */
export const noKeygen = !isThere('ssh-keygen');
export const noAgent = noKeygen || !isThere('ssh-agent') || !isThere('ssh-add');
/** Behind a test's name. */
export const unlessKeygen = noKeygen ? ' (skipped: no ssh-keygen)' : '';
export const unlessAgent = noAgent ? ' (skipped: no ssh-keygen or ssh-agent)' : '';

/** How a run of ssh-keygen ended. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** A person's home directory, with OpenSSH at hand. */
export class Workshop {
  home = '';

  async open(): Promise<this> {
    this.home = await mkdtemp(join(tmpdir(), 'aurora-keys-'));
    return this;
  }

  close(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }

  path(...parts: string[]): string {
    return join(this.home, ...parts);
  }

  async write(name: string, content: string, mode = 0o600): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content, { mode });
    return this.path(name);
  }

  /** Runs ssh-keygen, `input` on its standard input. It cannot ask: it has no terminal. */
  async keygen(argv: readonly string[], input = ''): Promise<Said> {
    const done = await execa('ssh-keygen', [...argv], {
      // Without the terminal of whoever runs the tests it cannot ask them for a passphrase.
      detached: true,
      input,
      all: true,
      reject: false,
      stripFinalNewline: false,
      env: { HOME: this.home, SSH_AUTH_SOCK: '' },
    });
    return { code: done.exitCode ?? -1, text: done.all };
  }

  /** A key made by ssh-keygen; its public line. */
  async key(name: string, type: readonly string[], passphrase = ''): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    const made = ['-q', '-t', ...type, '-N', passphrase, '-C', name, '-f', this.path(name)];
    const { code, text } = await this.keygen(made);
    if (code !== 0) throw new Error(text);
    return readFile(this.path(`${name}.pub`), 'utf8');
  }
}

/** An agent on a socket of its own, in the foreground, so that ending it ends exactly it. */
export async function startAgent(
  socket: string,
): Promise<{ add(path: string): Promise<void>; end(): Promise<void> }> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => agent.once('exit', () => resolve()));
  // It tells its socket when it listens.
  await new Promise<void>((resolve, reject) => {
    agent.stdout.once('data', () => resolve());
    agent.once('exit', () => reject(new Error('the agent has ended')));
    agent.once('error', reject);
  });
  return {
    add: async (path) => {
      await execa('ssh-add', ['-q', path], { env: { SSH_AUTH_SOCK: socket } });
    },
    end: async () => {
      agent.kill();
      await ended;
    },
  };
}
