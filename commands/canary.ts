import type { Register } from '../src/app/verb.ts';
import { addBacktest } from './canary-backtest.ts';
import { addForecast } from './canary-forecast.ts';
import { addWatch } from './canary-watch.ts';

export const register: Register = (program, app) => {
  const canary = program.command('canary').description('the judge of a canary');
  addWatch(canary, app);
  addForecast(canary, app);
  addBacktest(canary, app);
};
