import type { Choice, Trouble } from '../release/trouble.ts';
import { checkDetails } from '../report/check-detail.ts';
import { statusWord, verdictWord } from '../report/words.ts';
import { table } from './tables.ts';
import { oneLine } from './text.ts';
import type { Theme } from './theme.ts';

/** What a person sees before they decide: each check that did not pass, and what to do about it. */
export function troubleLines(trouble: Trouble, theme: Theme, width: number): readonly string[] {
  const { step, verdict, checks, problem } = trouble;
  const lines = [
    '',
    theme.tone(verdict)(`${verdictWord(verdict)} at step ${step.step} (${step.title})`),
  ];
  for (const check of checks) {
    const details = checkDetails(check).map(([label, text]) => [label, oneLine(text)]);
    const columns = [{ header: '' }, { header: '', flexible: 'wrap' as const }];
    lines.push(
      `${theme.status(check.status)} ${statusWord(check.status)}: ${oneLine(check.title)}`,
    );
    lines.push(...table(columns, details, { width, indent: 2 }));
  }
  if (problem !== null) lines.push(theme.noGo(`That could not be done: ${oneLine(problem)}`));
  return [...lines, ''];
}

/** Whether most of a step is to watch the candidate. */
const watches = ({ moves }: Trouble['step']) =>
  moves.some((move) => move.type === 'check' && (move.kind === 'canary' || move.kind === 'ramp'));

/** A choice in words, with what follows from it. */
export function choiceWords(
  choice: Choice,
  { release, verdict, step }: Trouble,
): { name: string; description: string } {
  const leave =
    verdict === 'hold'
      ? `the release holds (exit 4); \`aurora resume ${release}\` goes on`
      : 'the release ends as no-go (exit 3); what this step did is put back already';
  const words: Readonly<Record<Choice, readonly [name: string, description: string]>> = {
    retry: watches(step)
      ? ['watch again', 'the step anew: a share that customers have reached stays as it is']
      : ['take the step again', 'everything in it is measured anew'],
    skip: ['pass over it', 'signed with your key; your reason stands in the ticket'],
    'roll-back': ['roll back', 'customers get the stable build (exit 5)'],
    abort: ['abort the release', 'what its steps did is put back, newest first (exit 3)'],
    leave: ['leave it as it is', leave],
  };
  const [name, description] = words[choice];
  return { name, description };
}
