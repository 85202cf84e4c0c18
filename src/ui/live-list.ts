import type { Listr } from 'listr2';
import { redact } from '../base/redact.ts';
import type { RowView } from './canvas.ts';
import type { Screen } from './renderer.ts';
import { rowRendererOf, showCursor } from './row-renderer.ts';

/** Rows as they are now. `resting`: drawn a last time, nothing may look as if it still moved. */
export type RowSource = (resting: boolean) => readonly RowView[];

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function createGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/**
 * One list of rows that listr2 runs: every row is a task that waits for its gate, and its whole text
 * is the task's title, so that what is shown is a pure function of the release. listr2 neither owns
 * signals nor ever ends the process.
 */
export class LiveList {
  readonly #rows: RowSource;
  readonly #gates: readonly Gate[];
  readonly #screens: { readonly stdout: Screen; readonly stderr: Screen };
  #list: Listr | undefined;
  #run: Promise<unknown> = Promise.resolve();
  readonly #rested = new Set<number>();
  readonly #giveCursorBack = () => void this.#screens.stdout.write(showCursor);

  constructor(screens: { readonly stdout: Screen; readonly stderr: Screen }, rows: RowSource) {
    this.#screens = screens;
    this.#rows = rows;
    this.#gates = rows(false).map(createGate);
  }

  /** Loads listr2 and begins to draw. */
  async open(): Promise<void> {
    const listr2 = await import('listr2');
    const { stdout, stderr } = this.#screens;
    const titles = this.#rows(false).map(titleOf);
    this.#list = new listr2.Listr(
      this.#gates.map(({ opened }, index) => ({ title: titles[index] ?? '', task: () => opened })),
      {
        renderer: rowRendererOf(listr2, stdout, stderr),
        registerSignalListeners: false,
        exitOnError: false,
      },
    ) as unknown as Listr;
    process.once('exit', this.#giveCursorBack);
    this.#run = this.#list.run();
    this.refresh();
  }

  /** Draws what changed, and lets rows that are done come to rest. */
  refresh(resting = false): void {
    if (this.#list === undefined) return;
    for (const [index, row] of this.#rows(resting).entries()) {
      const task = this.#list.tasks[index];
      const title = titleOf(row);
      if (task !== undefined && task.title !== title) task.title$ = title;
      if (row.status !== 'done') continue;
      this.#rested.add(index);
      this.#gates[index]?.open();
    }
  }

  /** Whether a row has come to rest: it was told to its end. */
  rests(index: number): boolean {
    return this.#rested.has(index);
  }

  /** Brings every row to rest as it stands, draws the list a last time and gives the cursor back. */
  async close(): Promise<void> {
    this.refresh(true);
    for (const gate of this.#gates) gate.open();
    await this.#run;
    process.removeListener('exit', this.#giveCursorBack);
  }
}

const titleOf = (row: RowView) => redact(row.lines.join('\n'));
