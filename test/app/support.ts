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

/** How a command ended and what it showed. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
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
    const stdout = new Kept();
    const stderr = new Kept();
    const io: Io = {
      stdout,
      stderr,
      stdin: {},
      variables: this.variables,
      workingDirectory: this.directory,
    };
    const exit = await main(argv, io, { version: '9.8.7', verbs });
    const json = () => asDocument(JSON.parse(stdout.text));
    return { exit, stdout: stdout.text, stderr: stderr.text, json };
  }
}
