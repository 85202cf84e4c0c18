import { runPart } from '../child.ts';
import { startHost } from './start.ts';

runPart(startHost);
