import { runPart } from '../child.ts';
import { startVault } from './start.ts';

runPart(startVault);
