import type { FastifyInstance } from 'fastify';
import type { Services } from './services.ts';

/**
 * What a build adds to the reference concierge: hooks, routes, texts. Called once, before the
 * routes are made, so that its hooks see every request.
 */
export type ConciergePlugin = (app: FastifyInstance, services: Services) => void | Promise<void>;
