import { catalogue } from '../base/catalogue.ts';
import { page, rows, term, words } from './page.ts';

/** `docs/errors.md`: the catalogue. */
export function errorsPage(): string {
  return page(
    'Errors',
    'A known error is one line on standard error: its code, what failed, where, and what to do. `aurora explain <code>` says the same as this page. Anything without a code is a mistake in aurora: it prints a stack and exits 1.',
    rows(
      ['Code', 'Exit', 'What it means', 'What to do'],
      Object.entries(catalogue).map(([code, entry]) => [
        term(code),
        String(entry.exit),
        words(entry.meaning),
        words(entry.remedy),
      ]),
    ),
    'A message may give a more precise remedy than this table. Secrets never stand in one: what aurora has read as a secret is shown as `[secret]`.',
  );
}
