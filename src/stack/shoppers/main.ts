import { runPart } from '../child.ts';
import { startShoppers } from './start.ts';

runPart(startShoppers);
