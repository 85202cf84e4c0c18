import { runPart } from '../child.ts';
import { startRedis } from './start.ts';

runPart(startRedis);
