import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSources } from '../../../src/stack/supervisor/sources.ts';

let path: string;
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'aurora-path-'));
});
afterAll(() => rm(path, { recursive: true, force: true }));

const embedded = { from: 'embedded' };

describe('where the servers of a stack come from', () => {
  it('ignores every ambient credential', () => {
    const env = {
      PATH: '',
      MONGODB_URI: 'mongodb://production.example/shop',
      REDIS_URL: 'redis://production.example',
      VAULT_ADDR: 'https://vault.example',
      VAULT_TOKEN: 'of-production',
      UNLEASH_URL: 'https://flags.example',
    };
    expect(chooseSources(env)).toEqual({ mongodb: embedded, vault: embedded, redis: embedded });
  });

  it('takes a given server on loopback', () => {
    const sources = chooseSources({
      AURORA_STACK_MONGODB_URI: 'mongodb://u:p%40@127.0.0.1:27017,localhost:27018/?replicaSet=a',
      AURORA_STACK_REDIS_URL: 'redis://[::1]:6379',
      AURORA_STACK_VAULT_ADDR: 'http://localhost:8200',
      AURORA_STACK_VAULT_TOKEN: 'root',
    });
    expect(sources.mongodb).toMatchObject({ from: 'given' });
    expect(sources.redis).toMatchObject({ from: 'given', address: 'redis://[::1]:6379' });
    expect(sources.vault).toMatchObject({ from: 'given', token: 'root' });
  });

  it.each([
    ['AURORA_STACK_MONGODB_URI', 'mongodb://127.0.0.1,db.example.com/shop'],
    ['AURORA_STACK_MONGODB_URI', 'mongodb://127.0.0.1@db.example.com/shop'],
    ['AURORA_STACK_MONGODB_URI', 'mongodb+srv://localhost'],
    ['AURORA_STACK_REDIS_URL', 'redis://10.0.0.5:6379'],
    ['AURORA_STACK_REDIS_URL', 'redis://127.0.0.1.example.com'],
    ['AURORA_STACK_VAULT_ADDR', 'https://vault.example.com'],
    ['AURORA_STACK_VAULT_ADDR', '127.0.0.1:8200'],
  ])('refuses %s=%s', (variable, value) => {
    expect(() => chooseSources({ [variable]: value })).toThrow(
      expect.objectContaining({ code: 'STACK_FOREIGN', where: variable }),
    );
  });

  it('asks for the token of a given vault', () => {
    expect(() => chooseSources({ AURORA_STACK_VAULT_ADDR: 'http://127.0.0.1:8200' })).toThrow(
      expect.objectContaining({ code: 'CREDENTIAL_MISSING' }),
    );
  });

  it('takes a program on PATH, but no file that cannot be run', async () => {
    const program = join(path, 'bao');
    await writeFile(program, '#!/bin/sh\n');
    await chmod(program, 0o755);
    await writeFile(join(path, 'mongod'), 'not a program');
    await chmod(join(path, 'mongod'), 0o644);
    const sources = chooseSources({ PATH: `relative:${path}` });
    expect(sources).toEqual({
      mongodb: embedded,
      vault: { from: 'program', program },
      redis: embedded,
    });
  });
});
