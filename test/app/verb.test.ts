import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { verbs } from '../../commands/index.ts';
import { createProgram } from '../../src/app/program.ts';
import { loadVerbs, namedVerb } from '../../src/app/verb.ts';

const io = {
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  stdin: {},
  variables: {},
  workingDirectory: '/',
};

async function commandsOf(only?: string): Promise<readonly string[]> {
  const about = { version: '0.0.0', verbs: await loadVerbs(verbs, only) };
  const program = createProgram(about, { io, act: async () => undefined });
  return program.commands.map((command) => command.name());
}

describe('the verb that a command line names', () => {
  it.each([
    ['status', 'status'],
    ['--json status --follow', 'status'],
    ['-c status rollback', 'rollback'],
    ['--config=status rollback', 'rollback'],
    ['--config release.yaml release 1.4.0', 'release'],
    ['build list', 'build'],
  ])('of `%s` is %s', (line, verb) => {
    expect(namedVerb(line.split(' '), verbs)).toBe(verb);
  });

  it.each([
    '',
    '--help',
    'help status',
    'relese',
    'toString',
    '-- status',
    '--config status',
    '-c',
  ])('of `%s` is none: all are loaded', (line) => {
    expect(namedVerb(line.split(' '), verbs)).toBeUndefined();
  });
});

describe('command files', () => {
  it.each(Object.keys(verbs))('%s is registered by the file that its word loads', async (verb) => {
    expect(await commandsOf(verb)).toEqual([verb]);
  });

  it('are registered in the order of the help when nothing is named', async () => {
    expect(await commandsOf()).toEqual(Object.keys(verbs));
  });

  it('are found behind every option of the program that takes a value', async () => {
    const program = createProgram({ version: '0', verbs: [] }, { io, act: async () => undefined });
    const taking = program.options.filter((option) => option.required || option.optional);
    for (const { short, long } of taking) {
      for (const word of [short, long]) {
        expect(namedVerb([word ?? '', 'status', 'rollback'], verbs)).toBe('rollback');
      }
    }
  });
});
