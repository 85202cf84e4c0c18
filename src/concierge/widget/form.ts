import { Refusal } from './api.ts';
import { freshId, h } from './dom.ts';
import { type Field, type FieldSpec, fieldFor, problemOf } from './fields.ts';
import { problemView } from './views/problem.ts';
import { words } from './words.ts';

/** What was filled in: trimmed texts by name, and the picture if there is one. */
export interface Filled {
  readonly values: Readonly<Record<string, string>>;
  readonly file: File | undefined;
}

/** A form and what it is for. */
export interface FormSpec {
  readonly heading: string;
  readonly description?: string | undefined;
  readonly fields: readonly FieldSpec[];
  readonly submitLabel: string;
  /** Error code -> the field that it complains about. */
  readonly blames?: Readonly<Record<string, string>>;
  /** Throws Refusal when it did not work; the form stays as it was filled in then. */
  submit(filled: Filled): Promise<Sent>;
}

/** What stands in the place of a form that was sent, and what comes after it. */
export interface Sent {
  readonly said: string;
  next(): void;
}

/** A form on the page. */
export interface Form {
  readonly element: HTMLFormElement;
  focus(): void;
}

/** Builds a form that checks what is filled in, waits, and says what went wrong where it did. */
export function formFor(spec: FormSpec): Form {
  const heading = h('h3', { id: freshId('form') }, spec.heading);
  const fields = spec.fields.map(fieldFor);
  const send = h('button', { type: 'submit', class: 'primary' }, spec.submitLabel);
  const trouble = h('div', { class: 'trouble', 'aria-live': 'assertive' });
  const element = h(
    'form',
    { class: 'card form', novalidate: true, 'aria-labelledby': heading.id },
    heading,
    spec.description !== undefined &&
      spec.description !== '' &&
      h('p', { class: 'quiet' }, spec.description),
    ...fields.map((field) => field.element),
    trouble,
    send,
  );
  const arrange = () => showAsked(fields);
  element.addEventListener('change', arrange);
  arrange();
  let running = false;
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running || !complete(fields)) return;
    running = true;
    trouble.replaceChildren();
    wait(send, words.wait);
    spec
      .submit(filledIn(fields))
      .then((sent) => settle(element, sent))
      .catch((error: unknown) => blame(error, spec, fields, trouble))
      .finally(() => {
        running = false;
        wait(send, undefined, spec.submitLabel);
      });
  });
  return { element, focus: () => fields.find(isAsked)?.focus() };
}

function settle(element: HTMLElement, { said, next }: Sent): void {
  (element.closest('details') ?? element).replaceWith(h('p', { class: 'bubble theirs' }, said));
  next();
}

function wait(send: HTMLButtonElement, waiting: string | undefined, label = ''): void {
  // Not `disabled`: that would take the focus away from whoever pressed it.
  send.setAttribute('aria-disabled', String(waiting !== undefined));
  send.textContent = waiting ?? label;
}

const isAsked = ({ element }: Field): boolean => !element.hidden;

function showAsked(fields: readonly Field[]): void {
  for (const { spec, element } of fields) {
    if (spec.when === undefined) continue;
    const { field, is } = spec.when;
    element.hidden = fields.find((one) => one.spec.name === field)?.value() !== is;
  }
}

/** Says at each field what is wrong with it, and goes to the first. True when all is well. */
function complete(fields: readonly Field[]): boolean {
  let first: Field | undefined;
  for (const field of fields.filter(isAsked)) {
    const problem = problemOf(field.spec, field.value());
    field.complain(problem);
    if (problem !== undefined) first ??= field;
  }
  first?.focus();
  return first === undefined;
}

function filledIn(fields: readonly Field[]): Filled {
  const asked = fields.filter(isAsked);
  const entries = asked.map((field) => [field.spec.name, field.value()] as const);
  const values = Object.fromEntries(entries.filter(([, value]) => value !== ''));
  return { values, file: asked.map((field) => field.file()).find((file) => file !== undefined) };
}

function blame(
  error: unknown,
  { blames = {} }: FormSpec,
  fields: readonly Field[],
  trouble: HTMLElement,
): void {
  const name = error instanceof Refusal ? blames[error.code] : undefined;
  const field = fields.find(({ spec, element }) => spec.name === name && !element.hidden);
  trouble.replaceChildren(problemView(error));
  field?.focus();
}
