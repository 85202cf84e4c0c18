type Handler = (event: Event) => void;
type Attribute = string | number | boolean | undefined | Handler;

/** What may stand inside an element. Strings become text, never markup. */
export type Child = Node | string | undefined | null | false;

/**
 * Makes an element. A function under `onclick` and the like becomes a listener, `true` an empty
 * attribute; `false` and `undefined` leave the attribute out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  made.append(
    ...children.filter((child) => child !== undefined && child !== null && child !== false),
  );
  return made;
}

/** A button that does not send a form. */
export function button(
  className: string,
  label: string,
  act: () => void,
  attributes: Readonly<Record<string, Attribute>> = {},
): HTMLButtonElement {
  return h('button', { type: 'button', class: className, onclick: act, ...attributes }, label);
}

let made = 0;

/** An id that is new in this page, for what labels and descriptions refer to. */
export function freshId(word: string): string {
  made += 1;
  return `ac-${word}-${made}`;
}
