import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tiny programs that behave as parts of a stack do, good ones and bad ones. */
const life = `
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1_000);
`;

const programs = {
  /** Ready at once; tells its environment and arguments. */
  good: `${life}
process.once('message', (options) => process.send({ type: 'ready', endpoints: {
  options: JSON.stringify(options), env: Object.keys(process.env).sort().join(), argv: process.argv.slice(2).join(),
} }));`,
  /** Says why it does not start. */
  refusing: `${life}
process.once('message', () => { console.error('the disk is full'); process.send({ type: 'failed', message: 'cannot write' }); });`,
  /** Ends before it is ready. */
  crashing: `console.error('Error: no such module'); process.exit(3);`,
  /** Never gets ready. */
  silent: life,
  /** Does not listen to SIGTERM. */
  stubborn: `process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1_000);
process.once('message', () => process.send({ type: 'ready', endpoints: {} }));`,
} as const;

export type Program = keyof typeof programs;

/** A directory with the programs. */
export async function writePrograms() {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-parts-'));
  const path = (name: Program) => join(directory, `${name}.mjs`);
  for (const [name, source] of Object.entries(programs)) {
    await writeFile(path(name as Program), source);
  }
  return { directory, path, remove: () => rm(directory, { recursive: true, force: true }) };
}
