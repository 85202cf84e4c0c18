import { EOL } from 'node:os';
import type { Listr } from 'listr2';
import { redact } from '../base/redact.ts';
import type { Screen } from './renderer.ts';
import type { RowView } from './step-view.ts';
import type { Theme } from './theme.ts';

const showCursor = '\u001b[?25h';

/**
 * One list of rows that listr2 keeps drawn. listr2 only draws: every row is a task that waits for
 * its gate, and its whole text is the task's title, so that what is shown is a pure function of the
 * release. It neither owns signals nor ever ends the process.
 */
export class LiveList {
  readonly #rows: () => readonly RowView[];
  readonly #gates: { readonly opened: Promise<void>; readonly open: () => void }[];
  readonly #screens: { readonly stdout: Screen; readonly stderr: Screen };
  readonly #theme: Theme;
  #list: Listr | undefined;
  #run: Promise<unknown> = Promise.resolve();
  readonly #rested = new Set<number>();
  #closing = false;
  readonly #giveCursorBack = () => void this.#screens.stdout.write(showCursor);

  constructor(
    screens: { readonly stdout: Screen; readonly stderr: Screen },
    theme: Theme,
    rows: () => readonly RowView[],
  ) {
    this.#screens = screens;
    this.#theme = theme;
    this.#rows = rows;
    this.#gates = rows().map(() => {
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
    /** We have decided already that this is a terminal. */
    class TerminalRenderer extends listr2.DefaultRenderer {
      static override nonTTY = true;
    }
    const processOutput = new listr2.ProcessOutput(
      stdout as NodeJS.WriteStream,
      stderr as NodeJS.WriteStream,
    );
    const frames = [...this.#theme.symbols.spinner];
    class ThemedSpinner extends listr2.Spinner {
      protected override readonly spinner = frames;
    }
    this.#list = new listr2.Listr(
      this.#gates.map(({ opened }, index) => ({ title: this.#title(index), task: () => opened })),
      {
        renderer: TerminalRenderer,
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          logger: new listr2.ListrLogger({ processOutput, useIcons: true, toStderr: [] }),
          spinner: new ThemedSpinner(),
          icon: {
            [listr2.ListrDefaultRendererLogLevels.COMPLETED]: '',
            [listr2.ListrDefaultRendererLogLevels.WAITING]: this.#theme.symbols.waiting,
          },
          color: {
            [listr2.ListrDefaultRendererLogLevels.PENDING]: (text?: string) =>
              this.#theme.hold(text ?? ''),
            [listr2.ListrDefaultRendererLogLevels.WAITING]: (text?: string) =>
              this.#theme.quiet(text ?? ''),
          },
        },
      },
    ) as unknown as Listr;
    process.once('exit', this.#giveCursorBack);
    this.#run = this.#list.run();
    this.refresh();
  }

  /** Draws what changed, and lets rows that are done come to rest. */
  refresh(): void {
    for (const [index, row] of this.#rows().entries()) {
      const task = this.#list?.tasks[index];
      const title = this.#title(index);
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
    this.#closing = true;
    this.refresh();
    for (const gate of this.#gates) gate.open();
    await this.#run;
    process.removeListener('exit', this.#giveCursorBack);
  }

  #title(index: number): string {
    const row = this.#rows()[index];
    if (row === undefined) return '';
    const [first = '', ...details] = row.lines;
    const signed = row.status === 'done' || this.#closing ? `${row.sign} ${first}` : first;
    return redact([signed, ...details].join(EOL));
  }
}
