import type { EventType, JournalEntry } from '../release/events.ts';
import { applyEntry, emptyState, type ReleaseState } from '../release/state.ts';
import { type Line, narrate } from '../report/narrate.ts';
import { nextLine, nextStep } from '../report/next-step.ts';
import type { Canvas, RowView } from './canvas.ts';
import { LiveList } from './live-list.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import { rollbackRows } from './rollback-view.ts';
import { writeLines } from './sink.ts';
import { stepRows } from './step-view.ts';
import { oneLine, wrap } from './text.ts';
import { createTheme, type Theme } from './theme.ts';

/** Events that have no place in a row: they are told above the list, or under it at the end. */
const asides: ReadonlySet<EventType> = new Set([
  'release.created',
  'release.resumed',
  'approval.refused',
  'override.given',
  'owner.told',
  'release.held',
  'release.interrupted',
  'release.failed',
  'rollback.ended',
  'flags.restored',
  'document.written',
  'release.ended',
]);

/** Events before the first row: they open no list. */
const preamble: ReadonlySet<EventType> = new Set([
  'release.created',
  'release.resumed',
  'lease.acquired',
]);

/** Events that open a list. What comes without one, such as acts outside the steps, is told plainly. */
const opening: ReadonlySet<EventType> = new Set(['step.started', 'rollback.started']);

/** Rows that the list always shows, plus the lines above and under it. */
const frame = 14;
const leastRoom = 4;
const mostRoom = 9;
const frameMs = 100;

/** A task list that is redrawn in place: nine rows, and a second list once a rollback begins. */
export function createLiveRenderer(options: RendererOptions): Renderer {
  return new LiveRenderer(options);
}

class LiveRenderer implements Renderer {
  readonly #options: RendererOptions;
  readonly #theme: Theme;
  readonly #now: () => number;
  #state: ReleaseState | undefined;
  /** Lists are opened and closed one after another, never side by side. */
  #turn: Promise<void> = Promise.resolve();
  #list: LiveList | undefined;
  #kind: 'steps' | 'rollback' | undefined;
  #firstRow = 0;
  #frame = 0;
  #asides: string[] = [];
  #clock: NodeJS.Timeout | undefined;
  #told = true;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#theme = createTheme(options.terminal);
    this.#now = options.now ?? Date.now;
    this.#state = options.initial;
  }

  entry(entry: JournalEntry): void {
    const state = applyEntry(this.#state ?? emptyState(entry.release), entry);
    this.#state = state;
    this.#told = false;
    if (asides.has(entry.type)) this.#note(narrate(entry, { plan: this.#options.plan, state }));
    if (entry.type === 'release.resumed') this.#showStep(entry.data.from);
    if (preamble.has(entry.type)) return;
    if (this.#list === undefined && !opening.has(entry.type) && !asides.has(entry.type)) {
      this.#note(narrate(entry, { plan: this.#options.plan, state }));
    }
    if (entry.type === 'rollback.started') this.#show('rollback', 0);
    else if (entry.type === 'step.started') this.#showStep(entry.data.step);
    if (this.#list === undefined) this.#turn = this.#turn.then(() => this.#flush());
    else this.#list.refresh();
  }

  async rest(): Promise<void> {
    this.#close();
    await this.#turn;
    this.#flush();
  }

  async end(): Promise<void> {
    this.#close();
    await this.#turn;
    if (this.#told || this.#state === undefined) return;
    this.#told = true;
    const { command, ...next } = nextStep(this.#state, this.#options.plan);
    const words = wrap(nextLine({ ...next, command: null }), this.#width - 1);
    // On a line of its own and never wrapped: it is there to be copied.
    const toRun = command === null ? [] : [`  ${this.#theme.command(command)}`];
    this.#flush([
      '',
      ...words.slice(0, -1),
      `${words.at(-1)}${command === null ? '' : ':'}`,
      ...toRun,
    ]);
  }

  /** Opens the nine rows; or, when they have come to rest already, those from this step on. */
  #showStep(step: number): void {
    const index = this.#options.plan.steps.findIndex((row) => row.step === step);
    if (this.#kind === 'steps' && this.#list?.rests(index - this.#firstRow) === false) return;
    this.#show('steps', this.#kind === undefined ? 0 : Math.max(0, index));
  }

  #show(kind: 'steps' | 'rollback', firstRow: number): void {
    this.#close();
    this.#kind = kind;
    this.#firstRow = firstRow;
    const list = new LiveList(this.#options, (resting) => this.#rows(kind, firstRow, resting));
    this.#list = list;
    this.#turn = this.#turn.then(() => {
      this.#flush(['']);
      return list.open();
    });
    this.#clock = setInterval(() => this.#tick(list), frameMs);
    this.#clock.unref();
  }

  #close(): void {
    const list = this.#list;
    if (list === undefined) return;
    this.#list = undefined;
    clearInterval(this.#clock);
    this.#turn = this.#turn.then(() => list.close());
    // Whatever is told next stands apart from the list.
    this.#asides.unshift('');
  }

  #tick(list: LiveList): void {
    this.#frame += 1;
    list.refresh();
  }

  #rows(kind: 'steps' | 'rollback', firstRow: number, resting: boolean): readonly RowView[] {
    if (this.#state === undefined) return [];
    const canvas = this.#canvas(resting);
    return kind === 'rollback'
      ? rollbackRows(this.#state, canvas)
      : stepRows(this.#state, this.#options.plan, canvas).slice(firstRow);
  }

  get #width(): number {
    return Math.min(this.#options.stdout.columns ?? this.#options.terminal.width, 140);
  }

  #canvas(resting: boolean): Canvas {
    const { spinner, running } = this.#theme.symbols;
    const rows = this.#options.stdout.rows ?? 30;
    return {
      theme: this.#theme,
      // A full last column makes some terminals wrap.
      width: this.#width - 1,
      room: Math.min(mostRoom, Math.max(leastRoom, rows - frame)),
      now: this.#now(),
      spin: resting ? running : (spinner[this.#frame % spinner.length] ?? running),
    };
  }

  #note(lines: readonly Line[]): void {
    for (const line of lines) {
      const indent = '  '.repeat(line.indent);
      for (const text of wrap(oneLine(line.text), this.#width - indent.length)) {
        this.#asides.push(indent + this.#theme.tone(line.tone)(text));
      }
    }
  }

  #flush(more: readonly string[] = []): void {
    const all = [...this.#asides, ...more];
    const lines = all.filter((line, index) => line !== '' || all[index - 1] !== '');
    this.#asides = [];
    writeLines(this.#options.stdout, lines);
  }
}
