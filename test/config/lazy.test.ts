import { describe, expect, it } from 'vitest';
import { Lazy } from '../../src/config/lazy.ts';

describe('a lazy opener', () => {
  it('opens once, also when asked twice at the same time', async () => {
    let opened = 0;
    const lazy = new Lazy(async () => {
      opened += 1;
      return opened;
    });
    expect(await lazy.peek()).toBeUndefined();
    expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([1, 1]);
    expect(await lazy.get()).toBe(1);
    expect(await lazy.peek()).toBe(1);
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const lazy = new Lazy(async () => {
      tries += 1;
      if (tries === 1) throw new Error('sealed');
      return 'open';
    });
    await expect(lazy.get()).rejects.toThrow('sealed');
    expect(await lazy.peek()).toBeUndefined();
    expect(await lazy.get()).toBe('open');
  });
});
