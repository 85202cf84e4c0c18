import { beforeAll, describe, expect, it } from 'vitest';
import { findBuild, listBuilds } from '../../../src/deploy/builds/find-build.ts';
import { updateIndex } from '../../../src/deploy/builds/index-file.ts';
import { cleanUpAfterwards, temporaryDirectory } from './support.ts';

cleanUpAfterwards();

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const stable = `11112222${'a'.repeat(56)}`;
const candidate = `11112222${'b'.repeat(56)}`;
const admin = `99990000${'c'.repeat(56)}`;
let store = '';
beforeAll(async () => {
  store = await temporaryDirectory();
  await updateIndex(store, () => ({
    'concierge@1.3.0': { digest: stable, packedAt: at(1) },
    'concierge@1.4.0': { digest: candidate, packedAt: at(2) },
    'admin@1.3.0': { digest: admin, packedAt: at(3) },
  }));
});

describe('listing builds', () => {
  it('shows the newest first, and nothing for a store that is not there', async () => {
    const builds = await listBuilds(store);
    expect(builds.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'admin@1.3.0',
      'concierge@1.4.0',
      'concierge@1.3.0',
    ]);
    expect(await listBuilds(`${store}/nowhere`)).toEqual([]);
  });
});

describe('finding a build', () => {
  it.each([
    ['1.4.0', candidate],
    ['concierge@1.3.0', stable],
    [candidate, candidate],
    ['99990000', admin],
    ['11112222a', stable],
  ])('understands %s', async (selector, digest) => {
    expect((await findBuild(store, selector)).digest).toBe(digest);
  });
  it.each([
    ['1.3.0', 'ambiguous'],
    ['11112222', 'ambiguous'],
    ['9999000', 'there is admin@1.3.0'],
    ['2.0.0-unheard-of', 'there is admin@1.3.0'],
  ])('refuses %s: %s', async (selector, reason) => {
    await expect(findBuild(store, selector)).rejects.toMatchObject({
      code: 'BUILD_UNKNOWN',
      message: expect.stringContaining(reason),
    });
  });
  it('suggests what a slip of the hand meant', async () => {
    await expect(findBuild(store, 'concierg@1.4.0')).rejects.toMatchObject({
      remedy: 'Did you mean concierge@1.4.0?',
    });
    await expect(findBuild(store, '1.4.1')).rejects.toMatchObject({
      remedy: 'Did you mean 1.4.0?',
    });
  });
  it('says so when nothing is packed yet', async () => {
    await expect(findBuild(`${store}/nowhere`, '1.4.0')).rejects.toThrow('nothing is packed yet');
  });
});
