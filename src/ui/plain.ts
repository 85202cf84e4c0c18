import type { JournalEntry } from '../release/events.ts';
import { applyEntry, emptyState, type ReleaseState } from '../release/state.ts';
import { type Line, narrate } from '../report/narrate.ts';
import { nextLine, nextStep } from '../report/next-step.ts';
import { utcTime } from '../report/words.ts';
import { lookTeller } from './canary-plain.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import { writeLines } from './sink.ts';
import { oneLine } from './text.ts';
import { createTheme, type Theme } from './theme.ts';

/** A long watch tells how far it is at most this often, in milliseconds of journal time. */
const progressEveryMs = 10_000;

/** One line per event that matters, in stable words: for CI logs, pipes and dumb terminals. */
export function createPlainRenderer(options: RendererOptions): Renderer {
  const theme = createTheme(options.terminal);
  const due = progressGate();
  let state: ReleaseState | undefined = options.initial;
  let told = true;
  return {
    entry(entry) {
      state = applyEntry(state ?? emptyState(entry.release), entry);
      told = false;
      const under = due(entry);
      if (under === null) return;
      const stamp = options.timestamps === true ? `${utcTime(entry.at)} ` : '';
      const lines = narrate(entry, { plan: options.plan, state });
      writeLines(
        options.stdout,
        [...lines, ...under.map(beneath)].map((line) => stamp + paint(line, theme)),
      );
    },
    rest: async () => undefined,
    async end() {
      if (state === undefined || told) return;
      told = true;
      writeLines(options.stdout, [nextLine(nextStep(state, options.plan))]);
    },
  };
}

function paint(line: Line, theme: Theme): string {
  const text = `${'    '.repeat(line.indent)}${oneLine(line.text)}`;
  // Most lines say "go": colour only helps on those that a reader looks for.
  return line.indent === 1 ? text : theme.tone(line.tone)(text);
}

const beneath = (text: string): Line => ({ text, tone: 'plain', indent: 1 });

/**
 * Lets through what matters of a long check, with lines to add: of a watch its changes, of any other
 * the first progress of a step and then one every ten seconds. Null for what is not told.
 */
function progressGate(): (entry: JournalEntry) => readonly string[] | null {
  let last = Number.NEGATIVE_INFINITY;
  const ofLook = lookTeller();
  return (entry) => {
    if (entry.type === 'step.started') last = Number.NEGATIVE_INFINITY;
    if (entry.type !== 'watch.progress') return [];
    const telling = ofLook(entry.data.data);
    if (telling !== null) return telling.tell ? telling.under : null;
    const at = Date.parse(entry.at);
    if (at - last < progressEveryMs) return null;
    last = at;
    return [];
  };
}
