import { hasCode, messageOf } from '../base/errors.ts';
import { judgeStatement } from '../release/approval.ts';
import type { AskedHere, AskHere } from '../release/ask-here.ts';
import type { SignedWord } from '../release/statement.ts';
import { signingPage } from '../report/signing-page.ts';
import type { PromptStreams } from '../ui/prompt.ts';
import { writeLines } from '../ui/sink.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';
import { terminalOf } from './output.ts';
import type { Shown } from './shown.ts';
import { signingQuestion, signWord, statementFor } from './word.ts';

/** The word of whoever sits here, evidence first; null when they may not or will not give it. */
async function giveWord(
  { engine, state, judging }: AskedHere,
  show: (lines: readonly string[]) => Promise<void>,
  streams: PromptStreams,
  signal: AbortSignal,
): Promise<SignedWord | null> {
  const signer = await engine.signer();
  if (signer === null) return null;
  const statement = statementFor(engine, { decision: 'approve' }, signer, judging);
  const verdict = judgeStatement(statement, signer.key, judging);
  if (!verdict.accepted) return null;
  await show([...signingPage(state, engine.plan, statement.binding), '']);
  const { confirm } = await import('../ui/prompt.ts');
  const message = signingQuestion(statement, verdict.person.name, signer);
  if (!(await confirm({ message, option: '--key' }, streams))) return null;
  // The time of the word is when it was given, not when it was asked for.
  const now = statementFor(engine, { decision: 'approve' }, signer, judging);
  return signWord(now, signer, signal);
}

/**
 * Asks the person at this terminal for the word that the release waits for, when a key is at hand
 * that may give it. Undefined where nobody sits: with --json, in CI, in a pipe.
 */
export function wordHereOf(
  io: Io,
  options: GlobalOptions,
  shown: Pick<Shown, 'rest'>,
  streamsOf?: (signal: AbortSignal) => PromptStreams,
): AskHere | undefined {
  const terminal = terminalOf(io.stdout, io, options);
  if (options.json === true || io.stdin.isTTY !== true || !terminal.live) return undefined;
  return async (about, signal) => {
    const { terminalPrompt } = await import('../ui/prompt.ts');
    const show = async (lines: readonly string[]) => {
      await shown.rest();
      writeLines(io.stdout, lines);
    };
    try {
      return await giveWord(about, show, (streamsOf ?? terminalPrompt)(signal), signal);
    } catch (error) {
      if (signal.aborted) return null;
      // The question took the key press that would have been the signal.
      if (hasCode(error, 'INTERRUPTED')) process.kill(process.pid, 'SIGINT');
      else writeLines(io.stderr, [`no word was given here: ${messageOf(error)}`]);
      return null;
    }
  };
}
