import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import {
  parseEnvFile,
  readEnvFile,
  resolveEnv,
  vaultReference,
} from '../../src/config/env-file.ts';
import { secretsWith } from '../checks/support/memory.ts';

const parse = (text: string) => Object.fromEntries(parseEnvFile(text, 'x.env'));

describe('env file', () => {
  it('takes values as written, without quotes, comments and export', () => {
    const text = [
      '\uFEFF# a comment',
      '',
      'A=plain',
      'export B=with export',
      'C="double # not a comment\\n\\"quoted\\""  # a comment',
      "D='single \\n stays'",
      'E=http://host/#fragment # a comment',
      'F=',
      'G=""',
      'I=a=b',
      'J=trailing   ',
    ];
    expect(parse(text.join('\r\n'))).toEqual({
      A: 'plain',
      B: 'with export',
      C: 'double # not a comment\n"quoted"',
      D: 'single \\n stays',
      E: 'http://host/#fragment',
      F: '',
      G: '',
      I: 'a=b',
      J: 'trailing',
    });
  });

  it.each([
    ['A=1\nA=2', 2, 'A is set twice'],
    ['A=1\n\njust words', 3, 'expected NAME=value'],
    ['A = 1', 1, 'expected NAME=value'],
    ['1A=x', 1, 'expected NAME=value'],
    ['A="open', 1, 'A: the " quote is not closed'],
    ["A='x'y", 1, 'A: text after the closing quote'],
  ])('refuses %j and names the line', (text, line, reason) => {
    expect(() => parseEnvFile(text, 'x.env')).toThrow(
      expect.objectContaining({
        code: 'ENV_FILE_INVALID',
        where: `x.env:${line}`,
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('never repeats a value in its errors', () => {
    try {
      parseEnvFile('KEY="hunter2', 'x.env');
      expect.unreachable();
    } catch (error) {
      expect(String((error as Error).message)).not.toContain('hunter2');
    }
  });
});

describe('reading an env file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aurora-env-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads what is there', async () => {
    const path = join(directory, 'a.env');
    await writeFile(path, 'A=1\n');
    expect(await readEnvFile(path)).toEqual(new Map([['A', '1']]));
  });

  it('names a file that is not there', async () => {
    const path = join(directory, 'missing.env');
    await expect(readEnvFile(path)).rejects.toMatchObject({
      code: 'ENV_FILE_INVALID',
      message: 'no such file',
      where: path,
    });
  });
});

describe('vault references', () => {
  it.each([
    ['vault:aurora-staging-api-key', { path: 'aurora-staging-api-key', field: 'value' }],
    ['vault:a/b#key', { path: 'a/b', field: 'key' }],
    ['vault:', null],
    ['vault:a b', null],
    ['vault:a#', null],
    ['aurora-staging-api-key', null],
    ['VAULT:a', null],
  ])('reads %j', (value, reference) => {
    expect(vaultReference(value)).toEqual(reference);
  });

  it('become secrets, and other values stay text', async () => {
    const secrets = secretsWith({ 'bucket#accessKeyId': 'AKIA-test-value' });
    const variables = new Map([
      ['ID', 'vault:bucket#accessKeyId'],
      ['MODE', 'false'],
    ]);
    const env = await resolveEnv(variables, async () => secrets, new AbortController().signal);
    expect(env.MODE).toBe('false');
    expect(env.ID).toBeInstanceOf(Secret);
    expect(env.ID instanceof Secret && env.ID.reveal()).toBe('AKIA-test-value');
    expect(JSON.stringify(env)).not.toContain('AKIA');
  });

  it('do not open the vault when there are none', async () => {
    const closed = async () => {
      throw new Error('opened');
    };
    const env = await resolveEnv(new Map([['A', '1']]), closed, new AbortController().signal);
    expect(env).toEqual({ A: '1' });
  });

  it('that are malformed are refused, by name only', async () => {
    const env = resolveEnv(
      new Map([['KEY', 'vault:two words']]),
      async () => secretsWith({}),
      new AbortController().signal,
    );
    await expect(env).rejects.toMatchObject({
      code: 'ENV_FILE_INVALID',
      message: 'KEY: expected vault:path or vault:path#field',
    });
  });
});
