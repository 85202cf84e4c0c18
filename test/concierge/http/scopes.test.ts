import { beforeAll, describe, expect, it } from 'vitest';
import { keyGuard } from '../../../src/concierge/http/authentication.ts';
import { readSettings } from '../../../src/concierge/settings.ts';
import { type Held, readDescription } from '../contract/description.ts';
import { freshSession, paths } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
const readerKey = 'key-of-a-reader';
let api: Held;
beforeAll(async () => {
  const CONCIERGE_API_KEYS = JSON.stringify({ [readerKey]: ['products:read', 'orders:read'] });
  const { url } = await world.start({ variables: { CONCIERGE_API_KEYS } });
  api = await readDescription(url);
});

describe('scopes', () => {
  it('open what they name and nothing else', async () => {
    const as = { authorization: `Bearer ${readerKey}` };
    const opened: string[] = [];
    for (const [name, path] of Object.entries(paths)) {
      const { status, body } = await api.ask(path, { sessionId: freshSession() }, as);
      if (status !== 403) opened.push(name);
      else expect([name, body.code]).toEqual([name, 'auth.forbidden']);
    }
    expect(opened).toEqual(['products', 'orderStatus']);
  });
  it.each(
    Object.entries(paths),
  )('%s: 401 without a key, 403 with a wrong one', async (_n, path) => {
    const body = { sessionId: freshSession() };
    for (const authorization of ['', 'Basic YTpi', 'Bearer', 'Bearer ']) {
      const { status, body: said } = await api.ask(path, body, { authorization });
      expect([authorization, status, said.code]).toEqual([authorization, 401, 'auth.missing']);
    }
    const wrong = await api.ask(path, body, { authorization: `Bearer ${readerKey}x` });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.forbidden']);
  });
});

describe('the guard', () => {
  const guard = keyGuard({ apiKey: 'whole', clientKeys: new Map([['part', ['csat:write']]]) });
  it('lets the whole key pass everywhere, also where no scope is named', () => {
    expect(guard('Bearer whole', undefined)).toBeUndefined();
    expect(guard('bearer whole', 'returns:write')).toBeUndefined();
  });
  it('lets a client’s key pass where its scope is named, and nowhere else', () => {
    expect(guard('Bearer part', 'csat:write')).toBeUndefined();
    expect(() => guard('Bearer part', 'returns:write')).toThrow('lacks returns:write');
    expect(() => guard('Bearer part', undefined)).toThrow('not for that');
  });
});

describe('CONCIERGE_API_KEYS', () => {
  const least = { CONCIERGE_API_KEY: 'k', MONGODB_URI: 'mongodb://127.0.0.1/x' };
  it.each([
    'not JSON, secret-one',
    '["secret-one"]',
    '{"secret-one":["everything"]}',
    '{"short":["csat:write"]}',
  ])('%s is refused by its name alone', (CONCIERGE_API_KEYS) => {
    expect(() => readSettings({ ...least, CONCIERGE_API_KEYS })).toThrow(
      /^CONCIERGE_API_KEYS is not usable$/,
    );
  });
});
