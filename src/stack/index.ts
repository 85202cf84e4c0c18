export { packageRoot } from '../base/package-root.ts';
export { type FlagsRuntime, flagsRuntime, install, isInstalled } from './flags/runtime.ts';
export { type SeededDatabases, seedDatabase } from './supervisor/database.ts';
export { type FaultName, faultNames } from './supervisor/faults.ts';
export { stackDown, stackFault, stackReset, stackStatus } from './supervisor/manage.ts';
export type { PartState, StackState } from './supervisor/state.ts';
export {
  defaultStackDirectory,
  type StackIo,
  type StackUpOptions,
  type StackUpProgress,
  stackUp,
} from './supervisor/up.ts';
