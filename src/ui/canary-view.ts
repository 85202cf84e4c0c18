import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { narrate } from '../report/narrate.ts';
import { buildLabel, planStep, stepLabel, verdictWord } from '../report/words.ts';
import { canaryPanel } from './canary-panel.ts';
import { lookTeller } from './canary-plain.ts';
import { type Canvas, detail, type RowView } from './canvas.ts';
import { LiveList } from './live-list.ts';
import type { RendererOptions } from './renderer.ts';
import { writeLines } from './sink.ts';
import { oneLine, truncate } from './text.ts';
import { createTheme, type Theme } from './theme.ts';

/** Shows one watch of a release while another process carries it out. */
export interface CanaryView {
  /** Takes the next entry of the step that watches, with the release after it. */
  entry(entry: JournalEntry, state: ReleaseState): void;
  /** Leaves the last picture on the screen and gives the cursor back. */
  end(): Promise<void>;
}

/** Redrawn in place on a terminal, lines of what changes everywhere else. */
export function createCanaryView(step: number, options: RendererOptions): CanaryView {
  return options.terminal.live ? new LiveCanary(step, options) : plainCanary(options);
}

function plainCanary({ stdout, terminal, plan }: RendererOptions): CanaryView {
  const theme = createTheme(terminal);
  const tellerOf = lookTeller();
  return {
    entry(entry, state) {
      const look = entry.type === 'watch.progress' ? tellerOf(entry.data.data) : null;
      if (look?.tell === false) return;
      const lines = narrate(entry, { plan, state });
      writeLines(stdout, [
        ...lines.map(({ text, tone, indent }) =>
          theme.tone(tone)(`${'    '.repeat(indent)}${oneLine(text)}`),
        ),
        ...(look?.under ?? []).map((text) => `    ${oneLine(text)}`),
      ]);
    },
    end: async () => undefined,
  };
}

const frameMs = 250;
/** Lines of the screen that are not the panel's. */
const frame = 4;
const leastRoom = 6;

class LiveCanary implements CanaryView {
  readonly #step: number;
  readonly #options: RendererOptions;
  readonly #theme: Theme;
  #state: ReleaseState | undefined;
  #list: LiveList | undefined;
  #opened: Promise<void> = Promise.resolve();
  #clock: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(step: number, options: RendererOptions) {
    this.#step = step;
    this.#options = options;
    this.#theme = createTheme(options.terminal);
  }

  entry(_entry: JournalEntry, state: ReleaseState): void {
    this.#state = state;
    if (this.#list === undefined) this.#open();
    else this.#list.refresh();
  }

  async end(): Promise<void> {
    clearInterval(this.#clock);
    await this.#opened;
    await this.#list?.close();
  }

  #open(): void {
    const list = new LiveList(this.#options, (resting) => [this.#row(resting)]);
    this.#list = list;
    this.#opened = list.open();
    this.#clock = setInterval(() => {
      this.#frame += 1;
      list.refresh();
    }, frameMs);
    this.#clock.unref();
  }

  #row(resting: boolean): RowView {
    const state = this.#state;
    const step = state?.steps.get(this.#step);
    if (state === undefined || step === undefined) return { status: 'running', lines: [''] };
    const { spinner, running } = this.#theme.symbols;
    const { stdout, terminal, now = Date.now, plan } = this.#options;
    const canvas: Canvas = {
      theme: this.#theme,
      width: Math.min(stdout.columns ?? terminal.width, 140) - 1,
      room: Math.max(leastRoom, (stdout.rows ?? 24) - frame),
      now: step.endedAt === null ? now() : Date.parse(step.endedAt),
      spin: resting ? running : (spinner[this.#frame % spinner.length] ?? running),
    };
    return canaryRow(state, step, plan, canvas);
  }
}

/** The whole picture of a watch: which release and step, then the panel. */
export function canaryRow(
  state: ReleaseState,
  step: StepState,
  plan: Plan,
  canvas: Canvas,
): RowView {
  const { theme, width, room } = canvas;
  const { ellipsis } = theme.symbols;
  const sign = step.verdict === null ? theme.hold(canvas.spin) : theme.verdict(step.verdict);
  const title = planStep(plan, step.step)?.title ?? '';
  const word = step.verdict === null ? '' : `: ${verdictWord(step.verdict)}`;
  const build = state.build === null ? '' : `, ${buildLabel(state.build)}`;
  const head = truncate(`${stepLabel(plan, step.step)}: ${title}${word}`, width - 2, ellipsis);
  const about = detail(theme.symbols.waiting, `release ${state.id}${build}`, canvas);
  const panel = canaryPanel(step.looks, room - 2, canvas) ?? [
    detail(theme.symbols.running, step.progress ?? 'no look yet', canvas),
  ];
  return {
    status: step.verdict === null ? 'running' : 'done',
    lines: [`${sign} ${theme.strong(head)}`, theme.quiet(about), ...panel],
  };
}
