import { EOL } from 'node:os';
import type { Listr } from 'listr2';
import { redact } from '../base/redact.ts';
import type { RowView } from './canvas.ts';
import type { Screen } from './renderer.ts';

const showCursor = '\u001b[?25h';

/**
 * One list of rows that listr2 keeps drawn. listr2 only draws: every row is a task that waits for
 * its gate, and its whole text is the task's title, so that what is shown is a pure function of the
 * release. It neither owns signals nor ever ends the process.
 */
export class LiveList {
  /** `resting`: drawn a last time, nothing may look as if it still moved. */
  readonly #rows: (resting: boolean) => readonly RowView[];
  readonly #gates: { readonly opened: Promise<void>; readonly open: () => void }[];
  readonly #screens: { readonly stdout: Screen; readonly stderr: Screen };
  #list: Listr | undefined;
  #run: Promise<unknown> = Promise.resolve();
  readonly #rested = new Set<number>();
  readonly #giveCursorBack = () => void this.#screens.stdout.write(showCursor);

  constructor(
    screens: { readonly stdout: Screen; readonly stderr: Screen },
    rows: (resting: boolean) => readonly RowView[],
  ) {
    this.#screens = screens;
    this.#rows = rows;
    this.#gates = rows(false).map(() => {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { opened, open };
    });
  }

  /** Loads listr2 and begins to draw. */
  async open(): Promise<void> {
    const listr2 = await import('listr2');
    const { stdout, stderr } = this.#screens;
    const levels = listr2.ListrDefaultRendererLogLevels;
    /** We have decided already that this is a terminal. */
    class TerminalRenderer extends listr2.DefaultRenderer {
      static override nonTTY = true;
    }
    const processOutput = new listr2.ProcessOutput(
      stdout as NodeJS.WriteStream,
      stderr as NodeJS.WriteStream,
    );
    const titles = this.#rows(false).map(titleOf);
    this.#list = new listr2.Listr(
      this.#gates.map(({ opened }, index) => ({ title: titles[index] ?? '', task: () => opened })),
      {
        renderer: TerminalRenderer,
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          logger: new listr2.ListrLogger({ processOutput, useIcons: true, toStderr: [] }),
          // The sign in front of a row, spinning or not, is part of its text.
          lazy: true,
          icon: { [levels.PENDING]: '', [levels.COMPLETED]: '', [levels.WAITING]: '' },
        },
      },
    ) as unknown as Listr;
    process.once('exit', this.#giveCursorBack);
    this.#run = this.#list.run();
    this.refresh();
  }

  /** Draws what changed, and lets rows that are done come to rest. */
  refresh(resting = false): void {
    for (const [index, row] of this.#rows(resting).entries()) {
      const task = this.#list?.tasks[index];
      const title = titleOf(row);
      if (task !== undefined && task.title !== title) task.title$ = title;
      // A gate opened before its task is drawn would freeze an old title.
      if (task === undefined || row.status !== 'done') continue;
      this.#rested.add(index);
      this.#gates[index]?.open();
    }
  }

  /** Whether a row has come to rest, after which listr2 never draws it anew. */
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

const titleOf = (row: RowView) => redact(row.lines.join(EOL));
