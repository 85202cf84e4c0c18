import { runPart } from '../child.ts';
import { startModel } from './start.ts';

runPart(startModel);
