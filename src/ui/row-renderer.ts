import type { ListrEventManager, ListrRenderer, ListrRendererFactory } from 'listr2';
import type { Screen } from './renderer.ts';

/** To the first column too: a terminal that echoes Ctrl-C moves the cursor. */
const up = (lines: number) => (lines === 0 ? '' : `\u001b[${lines}A\u001b[G`);
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** Shows the cursor again, whoever hid it. */
export const showCursor = '\u001b[?25h';

type Listr2 = typeof import('listr2');
type Tasks = readonly { readonly title?: string | undefined }[];

/**
 * A renderer for listr2 that draws titles as they are. listr2's own one measures and wraps every
 * word of every line twice a frame, 40 ms for a list like ours, which a laptop that also carries the
 * canary's traffic would feel; our lines fit already. Output of others is held back until the end,
 * by listr2.
 */
export function rowRendererOf(
  { ProcessOutput, ListrEventType }: Listr2,
  stdout: Screen,
  stderr: Screen,
): ListrRendererFactory {
  const output = new ProcessOutput(stdout as NodeJS.WriteStream, stderr as NodeJS.WriteStream);
  class RowRenderer implements ListrRenderer {
    /** That this is a terminal was decided before. */
    static nonTTY = true;
    static rendererOptions = {};
    static rendererTaskOptions = {};
    readonly #tasks: Tasks;
    readonly #events: ListrEventManager;
    #drawn: readonly string[] = [];
    #scheduled: NodeJS.Immediate | undefined;

    constructor(tasks: Tasks, _options: object, events: ListrEventManager) {
      this.#tasks = tasks;
      this.#events = events;
    }

    async render(): Promise<void> {
      output.hijack();
      this.#events.on(ListrEventType.SHOULD_REFRESH_RENDER, () => {
        // Many titles change at once: they are one frame.
        this.#scheduled ??= setImmediate(() => this.#draw(this.#visible()));
      });
      this.#draw(this.#visible());
    }

    end(): void {
      clearImmediate(this.#scheduled);
      this.#draw(this.#lines());
      output.release();
    }

    #lines(): readonly string[] {
      return this.#tasks.flatMap(({ title }) => (title ?? '').split('\n'));
    }

    /** A terminal cannot redraw what has left its top. */
    #visible(): readonly string[] {
      return this.#lines().slice(-Math.max(1, (stdout.rows ?? 24) - 1));
    }

    #draw(lines: readonly string[]): void {
      this.#scheduled = undefined;
      if (lines.length === this.#drawn.length && lines.every((l, i) => l === this.#drawn[i]))
        return;
      const body = lines.map((line) => `${line}${clearLine}\n`).join('');
      output.toStdout(`${up(this.#drawn.length)}${body}${clearBelow}`, false);
      this.#drawn = lines;
    }
  }
  return RowRenderer as unknown as ListrRendererFactory;
}
