import { runPart } from '../../../src/stack/child.ts';
import { startEdge } from '../../../src/stack/edge/start.ts';

runPart(startEdge);
