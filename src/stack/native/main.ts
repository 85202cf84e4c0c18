import { runPart } from '../child.ts';
import { startNative } from './start.ts';

runPart(startNative);
