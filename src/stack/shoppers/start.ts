import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import type { RunningPart } from '../child.ts';
import { createControl, listenControl } from '../control/service.ts';
import { type Crowd, startCrowd } from './crowd.ts';
import type { ShoppersOptions } from './options.ts';

const rate = z.number().min(0).max(5_000);
const ratesSchema = z.strictObject({ production: rate, staging: rate }).partial();

/** Lets customers come, and serves `GET|PUT /rates` and `GET /stats`. Endpoint: `shoppers`. */
export async function startShoppers(options: ShoppersOptions): Promise<RunningPart> {
  const crowds = new Map<EnvironmentName, Crowd>(
    environmentNames.map((environment) => {
      const target = options.targets[environment];
      const { seed, rates } = options;
      return [environment, startCrowd({ environment, target, seed, rate: rates[environment] })];
    }),
  );
  const each = <T>(read: (crowd: Crowd) => T) =>
    Object.fromEntries([...crowds].map(([environment, crowd]) => [environment, read(crowd)]));
  const app = createControl(null);
  app.get('/stats', async () => each((crowd) => crowd.stats()));
  app.get('/rates', async () => each((crowd) => crowd.rate));
  app.put('/rates', async (request) => {
    for (const [environment, value] of Object.entries(ratesSchema.parse(request.body))) {
      const crowd = crowds.get(environment as EnvironmentName);
      if (crowd !== undefined && value !== undefined) crowd.rate = value;
    }
    return each((crowd) => crowd.rate);
  });
  const close = async () => {
    await Promise.all([app.close(), ...[...crowds.values()].map((crowd) => crowd.close())]);
  };
  try {
    return { endpoints: { shoppers: await listenControl(app, options.port) }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
