import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';
import { supportOrderStatus, supportOrderUpdates, supportReturns } from './orders.ts';
import { supportCsat, supportShortlist, supportStylist } from './people.ts';
import { supportProducts } from './products.ts';
import { addSupportProxy } from './proxy.ts';

/** The runbook's seven routes. */
export function addSupportRoutes(app: FastifyInstance, services: Services): void {
  addSupportProxy(app, supportProducts, services);
  addSupportProxy(app, supportOrderStatus, services);
  addSupportProxy(app, supportReturns, services);
  addSupportProxy(app, supportShortlist, services);
  addSupportProxy(app, supportStylist, services);
  addSupportProxy(app, supportCsat, services);
  addSupportProxy(app, supportOrderUpdates, services);
}
