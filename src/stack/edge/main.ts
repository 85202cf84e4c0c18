import { runPart } from '../child.ts';
import { startEdge } from './start.ts';

runPart(startEdge);
