import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import { bundleNamedBy, openPurgeCdn } from '../../../src/services/cdn/purge.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { atEnd, edgeFor, serve } from '../../stack/edge/helpers.ts';

const never = new AbortController().signal;
const bundle = `/widget/${'ab'.repeat(32)}.js`;
const token = new Secret('purge-token', 'test');

/** A slot with a bundle and a pointer to it, behind an edge, reached through a connect map. */
async function openCdn(pointer = `import("${bundle}");`) {
  const slot = await serve((request, response) => {
    response.setHeader('x-aurora-build', 'digest-1');
    if (request.url === bundle) {
      response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('bundle');
    } else response.writeHead(200, { 'cache-control': 'no-store' }).end(pointer);
  });
  const edge = await edgeFor();
  await edge.route(slot.url);
  const origin = 'https://api.glowglitch.com';
  const dispatcher = createDispatcher({ [origin]: edge.edge });
  atEnd(() => dispatcher.close());
  const urls = { production: origin, staging: 'https://staging.api.glowglitch.com' };
  return { slot, edge, dispatcher, urls };
}

describe('CDN by purge', () => {
  it('sees what a browser sees: where the pointer leads, whether it was cached, whose it is', async () => {
    const { dispatcher, urls } = await openCdn();
    const cdn = openPurgeCdn({ urls, token }, dispatcher);
    const pointer = await cdn.look('production', '/widget.js', never);
    expect(pointer).toMatchObject({ status: 200, cached: false, pointsTo: bundle });
    const [first, second] = [
      await cdn.look('production', bundle, never),
      await cdn.look('production', bundle, never),
    ];
    expect(first).toEqual({
      status: 200,
      cached: false,
      build: 'digest-1',
      bodyDigest: createHash('sha256').update('bundle').digest('hex'),
      pointsTo: null,
    });
    expect(second).toEqual({ ...first, cached: true });
  });

  it('purges so that the next look comes from the slot again', async () => {
    const { dispatcher, urls, slot } = await openCdn();
    const cdn = openPurgeCdn({ urls, token }, dispatcher);
    await cdn.look('production', bundle, never);
    await cdn.purge('production', ['/widget.js', '/widget/*'], never);
    expect((await cdn.look('production', bundle, never)).cached).toBe(false);
    expect(slot.seen).toHaveLength(2);
  });

  it('says when a purge was refused, and tries the other paths all the same', async () => {
    const { dispatcher, urls } = await openCdn();
    const cdn = openPurgeCdn({ urls }, dispatcher);
    const refused = await cdn
      .purge('production', ['/widget/*'], never)
      .catch((e: AuroraError) => e);
    expect(refused).toMatchObject({ code: 'SERVICE_REFUSED' });
    const asked: (string | undefined)[] = [];
    const picky = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(request.url === '/a' ? 500 : 204).end();
    });
    const other = openPurgeCdn({ urls: { staging: picky.url, production: picky.url }, token });
    await expect(other.purge('staging', ['/a', '/b'], never)).rejects.toThrow('answered 500');
    expect(asked.sort()).toEqual(['/a', '/b']);
  });

  it('reads no bundle from a pointer that hides the widget', () => {
    expect(bundleNamedBy('/* hidden */')).toBeNull();
    expect(bundleNamedBy('import("/widget/abc.js")')).toBeNull();
    expect(bundleNamedBy(`import('${bundle}')`)).toBe(bundle);
  });

  it('is healthy only when both environments are served', async () => {
    const { edge, slot } = await openCdn();
    const urls = { production: edge.edge, staging: edge.edge };
    expect(await openPurgeCdn({ urls }).health(never)).toEqual({
      ok: true,
      detail: 'staging answers 200, production answers 200',
    });
    await slot.close();
    expect((await openPurgeCdn({ urls }).health(never)).ok).toBe(false);
    await edge.close();
    expect((await openPurgeCdn({ urls }).health(never)).remedy).toContain('services.cdn.urls');
  });
});
