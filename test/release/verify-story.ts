import { readFile } from 'node:fs/promises';
import type { PlanStep } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import { emptyHead, encodeEntry, headAfter } from '../../src/release/journal.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { omarsWord, rita, signerOf } from './people.ts';
import { approval, effect, flagAt, rollbackPhases, step, type World } from './world.ts';

/** A release that really ran, with everything that verification looks at. */
export interface Story {
  readonly release: string;
  readonly directory: string;
  readonly lines: readonly string[];
  readonly world: World;
}

const production = { environment: 'production' };

const steps: readonly PlanStep[] = [
  step(1, [flagAt(0)]),
  step(2, [flagAt(0)]),
  step(3, [flagAt(0), approval({ role: 'Product Manager', name: 'Omar V.' })]),
  step(4, [effect('start-slot', production), effect('route-candidate', production), flagAt(0)]),
];

/** Step 1 is skipped on Rita's word, step 3 approved by Omar after a break, step 4 carried out. */
export async function tell(world: World): Promise<Story> {
  const engine = (change: Partial<Engine> = {}) => {
    const made = world.engine(steps, rollbackPhases, change);
    return { ...made, plan: { ...made.plan, overrides: { roles: ['Release Manager'] } } };
  };
  const signer = async () => signerOf(rita);
  const span = { from: 2, override: 'seen by hand' };
  const waiting = await startRelease(engine({ signer }), '1.4.0', span);
  const binding = waiting.state.steps.get(3)?.request?.binding;
  if (binding === undefined) throw new Error('nothing was asked');
  const second = engine();
  await second.store.offer(omarsWord(binding));
  const { exit, release } = await resumeRelease(second, waiting.release);
  if (exit !== 0) throw new Error(`it ended with ${exit}`);
  const { text, where } = await second.store.text(release);
  const directory = where.replace(/\/journal\.jsonl$/, '');
  return { release, directory, lines: text.trimEnd().split('\n'), world };
}

/** The text of a file, for the documents beside a journal. */
export const textOf = (path: string) => readFile(path, 'utf8');

export const parse = (line: string) => JSON.parse(line) as JournalEntry;

/** Where an entry of this type stands; `nth` counts from 0. */
export function indexOf(lines: readonly string[], type: string, nth = 0): number {
  const found = lines.flatMap((line, index) => (parse(line).type === type ? [index] : []));
  const index = found[nth];
  if (index === undefined) throw new Error(`there is no ${type}`);
  return index;
}

/** The lines with one of them changed as an editor would, in canonical form. */
export function edited(
  lines: readonly string[],
  index: number,
  change: (entry: Record<string, unknown> & { data: Record<string, unknown> }) => void,
): string[] {
  return lines.map((line, i) => {
    if (i !== index) return line;
    const entry = JSON.parse(line);
    change(entry);
    return encodeEntry(entry as JournalEntry);
  });
}

/** What a forger does who may write the file: number and link every line anew. */
export function relinked(lines: readonly string[]): string[] {
  let head = emptyHead;
  return lines.map((line) => {
    const entry = { ...parse(line), seq: head.seq + 1, prev: head.hash } as JournalEntry;
    const text = encodeEntry(entry);
    head = headAfter(entry, text);
    return text;
  });
}

export const whole = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
