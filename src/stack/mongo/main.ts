import { runPart } from '../child.ts';
import { type MongoOptions, start } from './start.ts';

runPart<MongoOptions>(start);
