import { hasCode } from '../base/errors.ts';
import type { Decide, Decision, Trouble } from '../release/trouble.ts';
import type { PromptStreams } from '../ui/prompt.ts';
import { writeLines } from '../ui/sink.ts';
import { createTheme } from '../ui/theme.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';
import { terminalOf } from './output.ts';
import type { Shown } from './shown.ts';

const question = { message: 'What now?', option: '--json' };

async function choose(trouble: Trouble, streams: PromptStreams): Promise<Decision> {
  const { select, line } = await import('../ui/prompt.ts');
  const { choiceWords } = await import('../ui/trouble-view.ts');
  const choices = trouble.choices.map((value) => ({ value, ...choiceWords(value, trouble) }));
  const choice = await select(question, choices, streams);
  if (choice !== 'skip') return { choice };
  const reason = await line({ message: 'Why is it passed over?', option: '--override' }, streams);
  return { choice, reason };
}

/**
 * Asks the person at this terminal what follows from a step that is no go. Undefined where nobody
 * sits: with --json, in CI, in a pipe. Ctrl-C at the question leaves things as they are.
 */
export function guideOf(
  io: Io,
  options: GlobalOptions,
  shown: Pick<Shown, 'rest'>,
  streamsOf?: (signal: AbortSignal) => PromptStreams,
): Decide | undefined {
  const terminal = terminalOf(io.stdout, io, options);
  if (options.json === true || io.stdin.isTTY !== true || !terminal.live) return undefined;
  return async (trouble, signal) => {
    const { terminalPrompt } = await import('../ui/prompt.ts');
    const { troubleLines } = await import('../ui/trouble-view.ts');
    await shown.rest();
    const lines = troubleLines(trouble, createTheme(terminal), terminal.width);
    writeLines(io.stdout, lines);
    try {
      return await choose(trouble, (streamsOf ?? terminalPrompt)(signal));
    } catch (error) {
      signal.throwIfAborted();
      if (hasCode(error, 'INTERRUPTED')) return { choice: 'leave' };
      throw error;
    }
  };
}
