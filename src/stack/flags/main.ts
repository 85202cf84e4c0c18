import { runPart } from '../child.ts';
import { startFlags } from './start.ts';

runPart(startFlags);
