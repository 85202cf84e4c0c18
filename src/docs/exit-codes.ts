import { type ExitCode, exitCodes } from '../base/exit-codes.ts';
import { page, rows, term, words } from './page.ts';
import { type Ending, endings } from './verb-endings.ts';

/** Every verb may end so; it is said once. */
const everywhere: readonly ExitCode[] = [1, 2, 130];

function codesOf(ending: Ending): string {
  return Object.entries(ending)
    .map(([code, meaning]) => `**${code}** ${words(meaning)}`)
    .join('<br>');
}

/** `docs/exit-codes.md`: the contract with CI. */
export function exitCodesPage(): string {
  return page(
    'Exit codes',
    'A contract: no number ever changes its meaning. `aurora explain <number>` lists the errors behind one.',
    rows(
      ['Exit', 'Meaning'],
      Object.entries(exitCodes).map(([code, meaning]) => [code, words(meaning)]),
    ),
    '## What each verb ends with',
    `Any verb may also end with ${everywhere.map((code) => `${code} (${exitCodes[code]})`).join(', ')}.`,
    rows(
      ['Verb', 'Ends with'],
      Object.entries(endings).map(([verb, ending]) => [term(verb), codesOf(ending)]),
    ),
    '## In a pipeline',
    'Each gate of a release can be a stage of its own: `aurora gate <step>` exits with the verdict. 4 is no failure: the release stands still and `aurora resume` goes on. 5 means that customers are back on the build before; 6 means that somebody must look now.',
  );
}
