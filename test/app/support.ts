import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { verbs } from '../../commands/index.ts';
import type { Io } from '../../src/app/io.ts';
import { main } from '../../src/app/main.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { asDocument } from '../report/documents.ts';

/** A stream that keeps what was written to it. */
class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** What a command has shown. */
export interface Shown {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command ended and what it showed. */
export interface Ran extends Shown {
  readonly exit: number;
  /** The one JSON document on stdout; throws when it is not as its schema says. */
  json(): Record<string, unknown>;
}

/** A directory to work in, with the command line as users have it. */
export class Desk {
  directory = '';
  readonly variables: Record<string, string> = { NO_COLOR: '1' };

  async open(): Promise<this> {
    this.directory = await mkdtemp(join(tmpdir(), 'aurora-desk-'));
    return this;
  }

  close(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }

  path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }

  /** The configuration that `init` writes, beside the env files that ship. */
  async configured(): Promise<this> {
    await this.run('init');
    await cp(join(packageRoot(), 'fixtures', 'env'), this.path('env'), { recursive: true });
    return this;
  }

  async run(...argv: string[]): Promise<Ran> {
    return this.start(...argv).ended;
  }

  /** Begins a command that takes its time; `shown` is what it has shown so far. */
  start(...argv: string[]): { readonly shown: Shown; readonly ended: Promise<Ran> } {
    const stdout = new Kept();
    const stderr = new Kept();
    const io: Io = {
      stdout,
      stderr,
      stdin: {},
      variables: this.variables,
      workingDirectory: this.directory,
    };
    const shown = () => ({ stdout: stdout.text, stderr: stderr.text });
    const json = () => asDocument(JSON.parse(stdout.text));
    const ended = main(argv, io, { version: '9.8.7', verbs });
    return {
      get shown() {
        return shown();
      },
      ended: ended.then((exit) => ({ exit, ...shown(), json })),
    };
  }
}
