import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/app/io.ts';
import { main } from '../../src/app/main.ts';
import { AuroraError } from '../../src/base/errors.ts';
import { Desk } from './support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await new Desk().open();
});
afterAll(() => desk.close());

const lines = (text: string) => text.trimEnd().split('\n');

describe('words that are not understood', () => {
  it.each([
    [['relese'], /unknown command 'relese' \(Did you mean release\?\)/],
    [['status', '--folow'], /unknown option '--folow' \(Did you mean --follow\?\)/],
    [['release'], /missing required argument 'build'/],
    [['release', '1.4.0', 'again'], /too many arguments/],
    [['release', '1.4.0', '--until', 'soon'], /whole number of at least 1/],
    [['release', '1.4.0', '--time-scale', '0'], /number of at least 1/],
    [['release', '1.4.0', '--approval-wait', 'long'], /duration such as "90 s"/],
    [['rollback', '--only', 'cache'], /Allowed choices are flags/],
    [['env', 'check', '--env', 'test'], /Allowed choices are staging, production/],
    [['plan', 'shwo'], /unknown command 'shwo'/],
    [['stack', 'fault', 'meteor'], /Allowed choices are/],
  ])('%j end with 2, in one line with what to do', async (argv, message) => {
    const { exit, stdout, stderr } = await desk.run(...argv);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    const [what = '', remedy = ''] = lines(stderr);
    expect(what).toMatch(/^USAGE: /);
    expect(what).toMatch(message);
    expect(remedy).toMatch(/^ {2}-> `aurora.* --help` lists what there is\.$/);
    expect(lines(stderr)).toHaveLength(2);
  });

  it.each([[[]], [['stack']], [['plan']]])('%j alone show what there is', async (argv) => {
    const { exit, stderr } = await desk.run(...argv);
    expect(exit).toBe(2);
    expect(stderr).toContain('Usage: aurora');
  });
});

describe('help and version', () => {
  it('go to standard output and are no error', async () => {
    const help = await desk.run('--help');
    expect([help.exit, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Exit codes:');
    expect(await desk.run('--version')).toMatchObject({ exit: 0, stdout: '9.8.7\n' });
    const verb = await desk.run('rollback', '--help');
    expect(verb.exit).toBe(0);
    expect(verb.stdout).toContain('waits for nobody');
  });

  it('need no configuration for any verb', async () => {
    for (const verb of ['release', 'approve', 'flag', 'kpi', 'build', 'gate', 'deploy']) {
      expect((await desk.run(verb, '--help')).exit).toBe(0);
    }
  });
});

describe('how a verb ends', () => {
  const quiet = (write: (text: string) => void): Io => {
    const stream = { write: (text: string) => write(text) } as unknown as Io['stdout'];
    return { stdout: stream, stderr: stream, stdin: {}, variables: {}, workingDirectory: '/' };
  };
  const ending = (work: () => Promise<0 | 6>) => async () => {
    let said = '';
    const io = quiet((text) => {
      said += text;
    });
    const exit = await main(['go'], io, {
      version: '0',
      verbs: {
        go: async () => ({
          register: (program, app) => program.command('go').action(() => app.act(work)),
        }),
      },
    });
    return { exit, said };
  };

  it('is what the verb says, or what its error says', async () => {
    expect(await ending(async () => 6)()).toEqual({ exit: 6, said: '' });
    const held = await ending(() => Promise.reject(new AuroraError('LEASE_HELD', 'by Maya')))();
    expect(held.exit).toBe(7);
    expect(held.said).toContain('LEASE_HELD: by Maya');
    expect(held.said).not.toContain('    at ');
  });

  it('is 1 with a stack for what nobody foresaw', async () => {
    const { exit, said } = await ending(() => Promise.reject(new TypeError('x of undefined')))();
    expect(exit).toBe(1);
    expect(said).toContain('unexpected error, please report it');
    expect(said).toContain('    at ');
  });
});
