import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/concierge/settings.ts';

const read = (variables: Record<string, string>) =>
  readSettings({ CONCIERGE_API_KEY: 'some-key', AURORA_USE_STUBS: 'true', ...variables }).model;
const apiKey = 'sk-secret-of-the-test';

describe('the settings of the model', () => {
  it('are none without a key, or with an empty one', () => {
    expect(read({})).toBeNull();
    expect(read({ DEEPSEEK_API_KEY: '' })).toBeNull();
  });
  it('need nothing but the key', () => {
    expect(read({ DEEPSEEK_API_KEY: apiKey })).toEqual({
      baseUrl: 'https://api.deepseek.com',
      apiKey,
      model: 'deepseek-chat',
    });
  });
  it.each([
    'https://models.example.com/v1/',
    'http://127.0.0.1:4000',
    'http://localhost:4000/v1',
  ])('take %s', (address) => {
    const settings = read({ DEEPSEEK_API_KEY: apiKey, DEEPSEEK_BASE_URL: address });
    expect(settings?.baseUrl).toBe(address.replace(/\/$/, ''));
  });
  it.each([
    'http://models.example.com',
    'http://127.0.0.1.example.com',
    'ftp://127.0.0.1',
    'https://user:pass@models.example.com',
    'https://models.example.com?key=1',
    'nonsense',
  ])('refuse %s, which would show the key to others, without telling it', (address) => {
    const reading = () => read({ DEEPSEEK_API_KEY: apiKey, DEEPSEEK_BASE_URL: address });
    expect(reading).toThrow('DEEPSEEK_BASE_URL is not usable');
    expect(reading).not.toThrow(apiKey);
  });
  it('refuse a key that no header can carry', () => {
    expect(() => read({ DEEPSEEK_API_KEY: 'sk-\nx' })).toThrow('DEEPSEEK_API_KEY is not usable');
  });
});
