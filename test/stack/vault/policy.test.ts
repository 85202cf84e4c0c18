import { describe, expect, it } from 'vitest';
import { allowed, parsePolicy } from '../../../src/stack/vault/policy.ts';

const can = (policy: string, path: string) => [...allowed(parsePolicy(policy), path)].sort();
const rule = (path: string, ...words: string[]) =>
  `path "${path}" { capabilities = [${words.map((word) => `"${word}"`).join(', ')},] }\n`;

describe('policy', () => {
  it.each([
    ['secret/data/a', 'secret/data/a', true],
    ['secret/data/a', 'secret/data/ab', false],
    ['secret/data/*', 'secret/data/a/b', true],
    ['secret/data/*', 'secret/metadata/a', false],
    ['secret/+/a', 'secret/data/a', true],
    ['secret/+/a', 'secret/data/x/a', false],
    ['secret/da.a/x', 'secret/data/x', false],
    ['*', 'anything/at/all', true],
  ])('with the path %s: may it read %s? %s', (pattern, path, expected) => {
    expect(can(rule(pattern, 'read'), path)).toEqual(expected ? ['read'] : []);
  });

  it('lets the most specific path decide alone', () => {
    const policy = rule('secret/*', 'read', 'delete') + rule('secret/data/*', 'read');
    expect(can(policy, 'secret/data/a')).toEqual(['read']);
    expect(can(policy + rule('secret/data/a', 'list'), 'secret/data/a')).toEqual(['list']);
    const segments = rule('secret/+/a', 'read') + rule('secret/data/*', 'list');
    expect(can(segments, 'secret/data/a')).toEqual(['list']);
  });

  it('adds rules for the same path up, and lets deny win', () => {
    const policy = rule('a', 'read') + rule('a', 'list');
    expect(can(policy, 'a')).toEqual(['list', 'read']);
    expect(can(policy + rule('a', 'deny'), 'a')).toEqual([]);
  });

  it('takes comments and an empty text', () => {
    expect(parsePolicy('# nothing\n// here\n')).toEqual([]);
    expect(can(`# first\n${rule('a', 'read')}# last`, 'a')).toEqual(['read']);
  });

  it.each([
    'path "a" {',
    'path "a" { capabilities = ["fly"] }',
    'allow all',
    'path "a" { policy = "write" }',
  ])('refuses %s', (text) => {
    expect(() => parsePolicy(text)).toThrow();
  });
});
