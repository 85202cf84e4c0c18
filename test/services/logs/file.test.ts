import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileLogs } from '../../../src/services/logs/file.ts';
import type { LogFilter } from '../../../src/services/logs/logs.ts';

const signal = new AbortController().signal;
let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-logs-'));
  path = join(directory, 'staging-blue.jsonl');
});
afterEach(() => rm(directory, { recursive: true }));

const build = 'c'.repeat(64);
const line = (given: object = {}) =>
  `${JSON.stringify({
    requestId: 'req_1',
    timestamp: new Date(1_000).toISOString(),
    endpoint: '/api/concierge/products',
    method: 'POST',
    statusCode: 200,
    duration: 12,
    build,
    ...given,
  })}\n`;

const all: LogFilter = { environment: 'staging', since: 0, paths: [] };

describe('log files', () => {
  it('count requests and keep the failed ones whole', async () => {
    await writeFile(path, line() + line({ requestId: 'req_2', statusCode: 503 }));
    expect(await openFileLogs({ paths: [path] }).read(all, signal)).toEqual({
      requests: 2,
      errors: 1,
      errorEntries: [
        {
          requestId: 'req_2',
          timestamp: 1_000,
          endpoint: '/api/concierge/products',
          method: 'POST',
          status: 503,
          durationMs: 12,
          build,
        },
      ],
      otherLines: 0,
    });
  });

  it('leave out what is marked as a probe', async () => {
    await writeFile(path, line() + line({ statusCode: 503, probe: true }));
    expect(await openFileLogs({ paths: [path] }).read(all, signal)).toMatchObject({
      requests: 1,
      errors: 0,
      otherLines: 1,
    });
  });

  it('are narrowed by time, path and build', async () => {
    const csat = '/api/analytics/csat';
    await writeFile(
      path,
      [
        line({ timestamp: 10 }),
        line({ timestamp: 20, endpoint: csat }),
        line({ timestamp: 30, build: 'd'.repeat(64) }),
        line({ timestamp: 40, endpoint: '/api/health' }),
        line({ timestamp: 50, build: undefined }),
      ].join(''),
    );
    const logs = openFileLogs({ paths: [path] });
    const count = async (filter: Partial<LogFilter>) =>
      (await logs.read({ ...all, ...filter }, signal)).requests;
    expect(await count({})).toBe(5);
    expect(await count({ since: 20, until: 40 })).toBe(3);
    expect(await count({ paths: ['/api/concierge/', csat] })).toBe(4);
    // A line that names no build may be the candidate's.
    expect(await count({ build })).toBe(4);
  });

  it.each([
    [
      'the plan',
      {
        'http.status': 500,
        path: '/api/concierge/capsule',
        statusCode: undefined,
        endpoint: undefined,
      },
    ],
    [
      'a nested form of it',
      {
        http: { status: 500 },
        path: '/api/concierge/capsule',
        statusCode: undefined,
        endpoint: undefined,
      },
    ],
    ['the runbook', { statusCode: 500, endpoint: '/api/concierge/capsule' }],
  ])('know the field names of %s', async (_, given) => {
    await writeFile(path, line(given));
    const { errorEntries } = await openFileLogs({ paths: [path] }).read(all, signal);
    expect(errorEntries).toMatchObject([{ status: 500, endpoint: '/api/concierge/capsule' }]);
  });

  it('take the configured field names instead', async () => {
    await writeFile(path, line({ code: 502, when: 7, statusCode: 200 }));
    const fields = { status: 'code', timestamp: 'when' };
    const { errorEntries } = await openFileLogs({ paths: [path], fields }).read(all, signal);
    expect(errorEntries).toMatchObject([{ status: 502, timestamp: 7 }]);
  });

  it('count what is no request apart, with the time of the line before', async () => {
    const crash = 'TypeError: x is not a function\n    at serve (server.mjs:1:2)\n';
    await writeFile(
      path,
      [line({ timestamp: 10 }), crash, line({ timestamp: 90 }), '{"msg":"hi","time":95}\n'].join(
        '',
      ),
    );
    const logs = openFileLogs({ paths: [path] });
    expect(await logs.read(all, signal)).toMatchObject({ requests: 2, otherLines: 3 });
    expect(await logs.read({ ...all, since: 50 }, signal)).toMatchObject({ otherLines: 1 });
  });

  it('wait for the end of a torn last line', async () => {
    const whole = line({ statusCode: 500, requestId: 'req_ü' });
    const bytes = Buffer.from(whole);
    const cut = bytes.indexOf(0xbc);
    await writeFile(path, Buffer.concat([Buffer.from(line()), bytes.subarray(0, cut)]));
    const logs = openFileLogs({ paths: [path] });
    expect(await logs.read(all, signal)).toMatchObject({ requests: 1, errors: 0, otherLines: 0 });
    await appendFile(path, bytes.subarray(cut));
    const window = await logs.read(all, signal);
    expect(window.errorEntries.map(({ requestId }) => requestId)).toEqual(['req_ü']);
  });

  it('read a replaced or shortened file anew', async () => {
    await writeFile(path, line() + line() + line());
    const logs = openFileLogs({ paths: [path] });
    expect((await logs.read(all, signal)).requests).toBe(3);
    await writeFile(path, line());
    expect((await logs.read(all, signal)).requests).toBe(1);
    await writeFile(`${path}.new`, line().repeat(5));
    await rename(`${path}.new`, path);
    expect((await logs.read(all, signal)).requests).toBe(5);
  });

  it('take a missing file as empty while another one exists', async () => {
    await writeFile(path, line());
    const paths = [path, join(directory, 'staging-green.jsonl')];
    expect((await openFileLogs({ paths }).read(all, signal)).requests).toBe(1);
  });

  it('are unreachable when no file exists, or one cannot be read', async () => {
    const logs = openFileLogs({ paths: [path] });
    await expect(logs.read(all, signal)).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    expect(await logs.health(signal)).toMatchObject({ ok: false });
    const broken = openFileLogs({ paths: [directory] });
    await expect(broken.read(all, signal)).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' });
  });

  it('keep at most as many failed requests as asked for', async () => {
    await writeFile(path, line({ statusCode: 500 }).repeat(80));
    const logs = openFileLogs({ paths: [path] });
    expect((await logs.read(all, signal)).errorEntries).toHaveLength(50);
    expect(await logs.read({ ...all, limit: 3 }, signal)).toMatchObject({ errors: 80 });
    expect((await logs.read({ ...all, limit: 3 }, signal)).errorEntries).toHaveLength(3);
  });

  it('count each appended line once for readers at the same time', async () => {
    await writeFile(path, line().repeat(20_000));
    const logs = openFileLogs({ paths: [path] });
    const windows = await Promise.all([1, 2, 3].map(() => logs.read(all, signal)));
    expect(windows.map(({ requests }) => requests)).toEqual([20_000, 20_000, 20_000]);
  });

  it('stop when they are told to', async () => {
    await writeFile(path, line());
    const reason = new Error('interrupted');
    const logs = openFileLogs({ paths: [path] });
    await expect(logs.read(all, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect((await logs.read(all, signal)).requests).toBe(1);
  });
});
