import { runPart } from '../child.ts';
import { startReceivers } from './start.ts';

runPart(startReceivers);
