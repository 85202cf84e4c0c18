import { freshId, h } from './dom.ts';

/** One question of a form. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'email' | 'tel' | 'notes' | 'select' | 'choice' | 'check' | 'picture';
  /** Value and label; of `select` and `choice`. */
  readonly options?: readonly (readonly [string, string])[];
  readonly value?: string | undefined;
  readonly hint?: string;
  readonly autocomplete?: string;
  /** What to say when it is left empty; a field without it may be. */
  readonly needed?: string;
  /** Only asked while another field has this value. */
  readonly when?: { readonly field: string; readonly is: string };
  /** What is wrong with a value that is there. */
  readonly problem?: (value: string) => string | undefined;
}

/** A field on the page. */
export interface Field {
  readonly spec: FieldSpec;
  readonly element: HTMLElement;
  value(): string;
  file(): File | undefined;
  /** Shows what is wrong, or that nothing is. */
  complain(problem: string | undefined): void;
  focus(): void;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Builds a field: label, hint and complaint are tied to what they belong to. */
export function fieldFor(spec: FieldSpec): Field {
  return spec.kind === 'choice' ? choiceField(spec) : singleField(spec);
}

const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** What is wrong with the value of a field; undefined when nothing is. */
export function problemOf(spec: FieldSpec, value: string): string | undefined {
  if (value === '') return spec.needed;
  if (spec.kind === 'email' && !emailShape.test(value)) {
    return 'This does not look like an e-mail address, such as name@example.com.';
  }
  if (spec.kind === 'tel' && value.replace(/\D/g, '').length < 7) {
    return 'A telephone number has seven digits at least.';
  }
  return spec.problem?.(value);
}

function singleField(spec: FieldSpec): Field {
  const id = freshId(spec.name);
  const control = controlFor(spec, id);
  const complaint = h('p', { class: 'complaint', id: `${id}-complaint` });
  const hint =
    spec.hint === undefined ? undefined : h('p', { class: 'hint', id: `${id}-hint` }, spec.hint);
  const describedBy = hint === undefined ? complaint.id : `${hint.id} ${complaint.id}`;
  control.setAttribute('aria-describedby', describedBy);
  const label = h('label', { for: id }, spec.label, optionalMark(spec));
  const check = spec.kind === 'check';
  const element = h(
    'div',
    { class: check ? 'field check' : 'field' },
    ...(check ? [control, label] : [label, hint, control]),
    complaint,
  );
  return {
    spec,
    element,
    value: () => {
      if (control instanceof HTMLInputElement && check) return control.checked ? 'yes' : '';
      return control.value.trim();
    },
    file: () => (control instanceof HTMLInputElement ? control.files?.[0] : undefined),
    complain: (problem) => {
      complaint.textContent = problem ?? '';
      control.setAttribute('aria-invalid', String(problem !== undefined));
    },
    focus: () => control.focus(),
  };
}

function optionalMark({ needed, kind }: FieldSpec): HTMLElement | undefined {
  if (needed !== undefined || kind === 'check' || kind === 'select') return undefined;
  return h('span', { class: 'optional' }, ' (optional)');
}

function controlFor(spec: FieldSpec, id: string): Control {
  const { name, kind, needed, autocomplete, value } = spec;
  const common = { id, name, autocomplete, 'aria-required': needed !== undefined };
  if (kind === 'notes') {
    const area = h('textarea', { ...common, rows: 3, maxlength: 2_000 });
    area.value = value ?? '';
    return area;
  }
  if (kind === 'select') {
    const options = (spec.options ?? []).map(([of, label]) =>
      h('option', { value: of, selected: of === value }, label),
    );
    return h('select', common, ...options);
  }
  if (kind === 'check') return h('input', { ...common, type: 'checkbox' });
  if (kind === 'picture') return h('input', { ...common, type: 'file', accept: 'image/*' });
  return h('input', { ...common, type: kind, maxlength: 254, value });
}

function choiceField(spec: FieldSpec): Field {
  const id = freshId(spec.name);
  const complaint = h('p', { class: 'complaint', id: `${id}-complaint` });
  const inputs = (spec.options ?? []).map(([value]) =>
    h('input', {
      type: 'radio',
      name: id,
      id: `${id}-${value}`,
      value,
      checked: value === spec.value,
    }),
  );
  const choices = (spec.options ?? []).map(([value, label], index) =>
    h('div', { class: 'choice' }, inputs[index], h('label', { for: `${id}-${value}` }, label)),
  );
  const element = h(
    'fieldset',
    { class: 'field', 'aria-describedby': complaint.id },
    h('legend', {}, spec.label),
    h('div', { class: 'choices' }, ...choices),
    complaint,
  );
  return {
    spec,
    element,
    value: () => inputs.find((input) => input.checked)?.value ?? '',
    file: () => undefined,
    complain: (problem) => {
      complaint.textContent = problem ?? '';
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}
