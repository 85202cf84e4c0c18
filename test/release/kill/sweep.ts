import type { Kill } from './killing-store.ts';

/** How many trials run at the same time: starting a process is what they wait for. */
const atOnce = 4;

/** A torn line is the same to repair wherever it stands: it is tried at one write in so many. */
const tornEvery = 4;

/**
 * `npm run soak:kill` tries every write in every way. `npm test` has minutes only: there every second
 * write of a release and of a rollback is tried, the three moments in turn, and of the other stories
 * every fourth.
 */
const whole = process.env.AURORA_SWEEP === 'whole';
const shortStep = 4;
const mainStep = 2;

/** Every write up to the last, killed before and after it, and some in the middle of their line. */
function everyWay(last: number): readonly Kill[] {
  const writes = Array.from({ length: last }, (_, index) => index + 1);
  return writes.flatMap((write): Kill[] => {
    const whole = [{ write, moment: 'before' } as const, { write, moment: 'after' } as const];
    return write % tornEvery === 0 ? [...whole, { write, moment: 'torn' }] : whole;
  });
}

/** Every write up to the last; in the whole sweep each in every way. */
export function everyWrite(last: number): readonly Kill[] {
  return whole ? everyWay(last) : eachWriteOnce(last).filter((_, index) => index % mainStep === 0);
}

/** For stories that share most of their writes with another one. */
export function someWrites(last: number): readonly Kill[] {
  return some(eachWriteOnce(last));
}

/** All of them in the whole sweep, else every fourth. */
export function some<T>(all: readonly T[]): readonly T[] {
  return whole ? all : all.filter((_, index) => index % shortStep === 0);
}

/** Every write once, the three moments in turn. */
function eachWriteOnce(last: number): readonly Kill[] {
  const moments = ['before', 'after', 'torn'] as const;
  return Array.from({ length: last }, (_, index) => {
    return { write: index + 1, moment: moments[index % moments.length] ?? 'after' };
  });
}

/** The message of a failed expectation, with what was there. */
function why(error: unknown): string {
  const { message, actual } = error as Error & { readonly actual?: unknown };
  return Array.isArray(actual) ? actual.slice(0, 3).join('; ') : message;
}

/** Tries each kill and prints how many there were; all failures are told together, by their kill. */
export async function sweep<K extends Kill>(
  what: string,
  kills: readonly K[],
  attempt: (kill: K) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const left = [...kills];
  const failures: string[] = [];
  const work = async () => {
    for (let kill = left.shift(); kill !== undefined; kill = left.shift()) {
      try {
        await attempt(kill);
      } catch (error) {
        failures.push(`${kill.moment} write ${kill.write}: ${why(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  const torn = kills.filter(({ moment }) => moment === 'torn').length;
  const counted = `${kills.length} kills (${torn} in the middle of a line) in ${seconds} s`;
  if (failures.length > 0) {
    throw new Error(`${what}: ${failures.length} of ${counted}:\n${failures.join('\n')}`);
  }
  process.stdout.write(`${what}: ${counted}, every one came to its end\n`);
}
