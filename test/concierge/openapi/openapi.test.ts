import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Description, type Held, readDescription } from '../contract/description.ts';
import { paths } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let held: Held;
const built: string[] = [];
beforeAll(async () => {
  const { url } = await world.start({
    plugins: [
      (app) =>
        void app.addHook('onRoute', ({ method, url: path }) => {
          for (const one of [method].flat()) if (one !== 'HEAD') built.push(`${one} ${path}`);
        }),
    ],
  });
  held = await readDescription(url);
});

const operations = ({ paths: all }: Description) =>
  Object.entries(all).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...held.description });
    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });
  it('has the nine endpoints, the runbook’s seven routes, health and metrics', () => {
    const described = operations(held.description).map(({ path, method }) => `${method} ${path}`);
    for (const path of Object.values(paths)) expect(described).toContain(`post ${path}`);
    const runbook = ['products', 'order-status', 'returns', 'shortlist', 'stylist', 'csat'];
    for (const name of [...runbook, 'order-updates']) {
      expect(described).toContain(`post /api/support/${name}`);
    }
    expect(described).toContain('get /api/support/products');
    expect(described).toContain('get /api/health');
    expect(described).toContain('get /api/metrics');
  });
  it('leaves out no route of the API that the server has', () => {
    const described = operations(held.description).map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    const api = built.filter((route) => route.includes(' /api/'));
    expect(api.length).toBeGreaterThan(18);
    expect(api.filter((route) => !described.includes(route))).toEqual([]);
  });
  it('gives each operation a name of its own', () => {
    const names = operations(held.description).map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });
  it('names for every key-holder’s route 401, 403 and 429, and demands the idempotency key where it is needed', () => {
    for (const path of Object.values(paths)) {
      const operation = held.description.paths[path]?.post;
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(['200', '400', '401', '403', '429', '500']),
      );
      const needsKey = path === paths.returns || path === paths.capsule;
      const names = operation?.parameters.map(({ name }) => name) ?? [];
      expect([path, names.includes('x-idempotency-key')]).toEqual([path, needsKey]);
    }
  });
});
