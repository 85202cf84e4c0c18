import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../src/services/browser/find.ts';
import { answerHeaders, cookieLines } from '../../../src/services/browser/relay.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-path-'));
  await writeFile(join(directory, 'google-chrome'), '');
  await chmod(join(directory, 'google-chrome'), 0o755);
  await writeFile(join(directory, 'chromium'), 'not to be run');
});
afterAll(() => rm(directory, { recursive: true }));

describe('the browser of this machine', () => {
  it('is the first on PATH that can be run', async () => {
    const path = `/nowhere:${directory}`;
    expect(await findBrowser({ PATH: path })).toBe(join(directory, 'google-chrome'));
  });

  it('is the one that AURORA_BROWSER names, whatever is on PATH', async () => {
    expect(await findBrowser({ PATH: directory, AURORA_BROWSER: process.execPath })).toBe(
      process.execPath,
    );
  });

  it.each([
    ['nothing on PATH', { PATH: '/nowhere' }, 'no browser on PATH (chromium'],
    ['no PATH at all', {}, 'no browser on PATH'],
    ['a named one that is not there', { AURORA_BROWSER: '/nowhere/chrome' }, 'cannot be run'],
    ['off', { AURORA_BROWSER: 'off', PATH: process.env.PATH }, 'AURORA_BROWSER is off'],
  ])('is missing with %s, and that is said', async (_, variables, message) => {
    await expect(findBrowser(variables)).rejects.toMatchObject({
      code: 'BROWSER_MISSING',
      message: expect.stringContaining(message),
    });
  });
});

describe('what a page is handed of an answer', () => {
  it('has every cookie on a line of its own; a comma in a date is none between cookies', () => {
    const expires = 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/';
    expect(cookieLines(`${expires}, b=2; Path=/`)).toBe(`${expires}\nb=2; Path=/`);
  });

  it('has no header of the connection that it came by', () => {
    const received = { 'content-length': '3', connection: 'close', 'content-type': 'text/html' };
    expect(answerHeaders(received)).toEqual({ 'content-type': 'text/html' });
  });
});
