import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AuroraError, hasErrno } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { faultNames } from './faults.ts';

const part = z.object({
  name: z.string(),
  pid: z.number(),
  log: z.string(),
  endpoints: z.record(z.string(), z.string()),
  /** How it ended; null while it runs. */
  ended: z.string().nullable(),
});

const stateSchema = z.object({
  format: z.literal(1),
  /** Of the supervisor. */
  pid: z.number(),
  startedAt: z.string(),
  directory: z.string(),
  stateDirectory: z.string(),
  /** Address of the control service. */
  control: z.string(),
  /** The configuration that the stack wrote. */
  config: z.string(),
  /** What runs where; passwords left out. */
  addresses: z.record(z.string(), z.string()),
  /** `embedded`, `program /usr/bin/mongod` or `given`. */
  sources: z.record(z.string(), z.string()),
  parts: z.array(part),
  faults: z.array(z.enum(faultNames)),
});

/** A stack, as its state file and its control service tell it. Holds no secret. */
export type StackState = z.infer<typeof stateSchema>;
export type PartState = z.infer<typeof part>;

export const stateFile = (directory: string) => join(directory, 'state.json');
/** The bearer token of the control service, the owner's alone. */
export const controlTokenFile = (directory: string) => join(directory, 'control.token');

/** Checks a state that came over the control service. */
export function parseState(value: unknown): StackState {
  return stateSchema.parse(value);
}

/** The stack's state file; undefined when there is none. STORE_FAILED when it cannot be read. */
export async function readState(directory: string): Promise<StackState | undefined> {
  const path = stateFile(directory);
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT')) return undefined;
    throw new AuroraError('STORE_FAILED', 'the state of the stack cannot be read', {
      where: path,
      remedy: `Run \`aurora stack down\`; remove ${directory} if that does not help.`,
      cause,
    });
  }
}

/** Writes the state file, whole or not at all. */
export async function writeState(state: StackState): Promise<void> {
  await writeFileAtomic(stateFile(state.directory), `${JSON.stringify(state, null, 2)}\n`);
}
