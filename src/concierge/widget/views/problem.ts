import { button, h } from '../dom.ts';
import { explain } from '../words.ts';

/** What went wrong in plain words, the request's id, and a way to try again where it may help. */
export function problemView(error: unknown, again?: () => void): HTMLElement {
  const { text, reference, again: mayHelp } = explain(error);
  return h(
    'div',
    { class: 'problem' },
    h('p', {}, text),
    reference !== undefined && h('p', { class: 'reference' }, `Reference: ${reference}`),
    again !== undefined && mayHelp && button('secondary', 'Try again', again),
  );
}
