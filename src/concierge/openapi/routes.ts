import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { Operation } from '../http/operation.ts';
import { described } from './described.ts';
import { type DescribedRoute, openApiDocument } from './document.ts';

const own: Operation = {
  summary: 'This description',
  tag: 'operations',
  response: z.looseObject({ openapi: z.string() }),
  errors: {},
};

/**
 * `/api/openapi.json`: every route that describes itself, made when it is first asked for. Has to be
 * added before the routes, since it watches them come.
 */
export function addOpenApi(app: FastifyInstance): void {
  const routes: DescribedRoute[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(...describedRoutes(route));
  });
  let written: string | undefined;
  app.get('/api/openapi.json', { config: { operation: own } }, async (_request, reply) => {
    written ??= JSON.stringify(openApiDocument(routes));
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache');
    return written;
  });
}

function describedRoutes({ method, url, config }: RouteOptions): DescribedRoute[] {
  const methods = (Array.isArray(method) ? method : [method]).filter((one) => one !== 'HEAD');
  return methods.flatMap((one) => {
    const operation = config?.operation ?? described[`${one} ${url}`];
    if (operation === undefined) return [];
    const { customers, scope } = config ?? {};
    return [
      {
        method: one,
        url,
        operation,
        access: customers === 'with-key' ? 'key' : accessOf(operation),
        limited: customers !== undefined,
        ...(scope === undefined ? {} : { scope }),
      },
    ];
  });
}

function accessOf({ tag }: Operation): DescribedRoute['access'] {
  return tag === 'dashboard' ? 'dashboard' : 'open';
}
