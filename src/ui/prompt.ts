import { AuroraError } from '../base/errors.ts';

/** Where questions are asked: answers come from `input`, the question itself goes to `output`. */
export interface PromptStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  /** Standard error, so that a piped result stays clean. */
  readonly output: NodeJS.WritableStream;
  readonly signal?: AbortSignal;
}

/** A question to a person, with the option that answers it where nobody can be asked. */
export interface Question {
  readonly message: string;
  /** The option that makes the question unnecessary: `--yes`. */
  readonly option: string;
}

/** The streams of this process. */
export function terminalPrompt(signal?: AbortSignal): PromptStreams {
  const streams = { input: process.stdin, output: process.stderr };
  return signal === undefined ? streams : { ...streams, signal };
}

function requireTerminal({ message, option }: Question, { input }: PromptStreams): void {
  if (input.isTTY === true) return;
  throw new AuroraError('USAGE', `nobody can be asked here: ${message}`, {
    remedy: `Pass ${option}, or run it in a terminal.`,
  });
}

/** Ctrl-C and a closed input are interruptions, not bugs. */
async function ask<T>(question: Question, streams: PromptStreams, prompt: () => Promise<T>) {
  requireTerminal(question, streams);
  try {
    return await prompt();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name !== 'ExitPromptError' && name !== 'AbortPromptError') throw error;
    throw new AuroraError('INTERRUPTED', `no answer was given: ${question.message}`, {
      cause: error,
    });
  }
}

/** Yes or no; no when just Enter is pressed. USAGE without a terminal, INTERRUPTED on Ctrl-C. */
export function confirm(question: Question, streams: PromptStreams): Promise<boolean> {
  return ask(question, streams, async () => {
    const prompts = await import('@inquirer/prompts');
    return prompts.confirm({ message: question.message, default: false }, streams);
  });
}

/** A line of text; asked again while it is empty. USAGE without a terminal, INTERRUPTED on Ctrl-C. */
export function line(question: Question, streams: PromptStreams): Promise<string> {
  return ask(question, streams, async () => {
    const prompts = await import('@inquirer/prompts');
    const { message } = question;
    return prompts.input(
      { message, required: true, validate: (text) => text.trim() !== '' },
      streams,
    );
  });
}

/** One of several. USAGE without a terminal, INTERRUPTED on Ctrl-C. */
export function select<Value extends string>(
  question: Question,
  choices: readonly {
    readonly value: Value;
    readonly name: string;
    readonly description?: string;
  }[],
  streams: PromptStreams,
): Promise<Value> {
  return ask(question, streams, async () => {
    const prompts = await import('@inquirer/prompts');
    return prompts.select<Value>({ message: question.message, choices: [...choices] }, streams);
  });
}
