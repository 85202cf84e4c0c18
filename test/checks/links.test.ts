import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { links } from '../../src/checks/links.ts';
import { contextWith, environmentWith } from './support/context.ts';
import { type Loopback, loopback } from './support/loopback.ts';

let server: Loopback;
beforeAll(async () => {
  server = await loopback(({ path }) => ({ status: path === '/widget.js' ? 200 : 404 }));
});
afterAll(() => server.close());

function look(views: Readonly<Record<string, string>>) {
  const context = contextWith({
    environments: {
      staging: environmentWith('staging', {}, server.url, views),
      production: environmentWith('production', {}),
    },
  });
  return links.run({ environment: 'staging', screens: 'off', list: 'screens.yaml' }, context);
}

describe('links', () => {
  it('pass when they open, and keep the address as evidence', async () => {
    const address = `${server.url}/widget.js`;
    expect(await look({ widget: address })).toMatchObject([
      { id: 'links/staging/widget', status: 'pass', observed: address, evidence: { address } },
    ]);
  });

  it('fail when they answer anything else', async () => {
    expect(await look({ queue: `${server.url}/queue` })).toMatchObject([
      { status: 'fail', observed: `${server.url}/queue answered 404` },
    ]);
  });

  it('are an error when nobody answers', async () => {
    expect(await look({ widget: 'http://127.0.0.1:9/widget.js' })).toMatchObject([
      { status: 'error' },
    ]);
  });

  it('are inconclusive when there are none: nobody approves what nobody can see', async () => {
    expect(await look({})).toMatchObject([{ id: 'links/staging', status: 'inconclusive' }]);
  });
});
