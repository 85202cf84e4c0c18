import { type Fields, fieldsOf, momentOf, textOf } from '../data.ts';
import type { Desk } from '../desk.ts';
import { button, h } from '../dom.ts';
import { isIntent } from '../intents.ts';
import { enoughForCapsule } from '../shortlist.ts';
import { words } from '../words.ts';

/** An `offer_card`. A capsule is offered as a button once there are enough pieces for one. */
export function offerCard(payload: Fields, desk: Desk): HTMLElement | undefined {
  const headline = textOf(payload.headline);
  if (headline === undefined) return undefined;
  const until = momentOf(payload.expiresAt);
  return h(
    'section',
    { class: 'card offer', 'aria-label': headline },
    h('h3', {}, headline),
    h('p', {}, textOf(payload.description)),
    until !== undefined && h('p', { class: 'quiet' }, `Yours until ${until}`),
    callToAction(fieldsOf(payload.cta), desk),
  );
}

function callToAction(cta: Fields, desk: Desk): HTMLElement | undefined {
  const label = textOf(cta.label);
  const { intent } = cta;
  if (label === undefined || !isIntent(intent)) return undefined;
  const act = button('primary', label, () => desk.begin(intent, 'offer_card'));
  return intent === 'capsule_reserve' ? whenEnough(act, desk) : act;
}

/** The button, or what is missing for it. */
export function whenEnough(act: HTMLButtonElement, { shortlist }: Desk): HTMLElement {
  const hint = h('p', { class: 'quiet' });
  const show = () => {
    act.hidden = shortlist.size < enoughForCapsule;
    hint.hidden = !act.hidden;
    hint.textContent = shortlist.size === 0 ? words.needsTwo : words.needsOneMore;
  };
  shortlist.watch(show);
  show();
  return h('div', {}, act, hint);
}
