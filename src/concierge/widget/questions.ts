import { metalNames } from './art.ts';
import { type Fields, textOf } from './data.ts';
import type { FieldSpec } from './fields.ts';

const orderNumber = (needed: string | undefined, value?: string): FieldSpec => ({
  name: 'orderNumber',
  label: 'Order number',
  kind: 'text',
  hint: 'It begins with GG, as in your confirmation.',
  autocomplete: 'off',
  value,
  ...(needed === undefined ? {} : { needed }),
  problem: (given) =>
    /^[\w-]{4,40}$/.test(given) ? undefined : 'An order number looks like GG-12001.',
});

const email = (needed: string | undefined, value?: string): FieldSpec => ({
  name: 'email',
  label: 'E-mail',
  kind: 'email',
  autocomplete: 'email',
  value,
  ...(needed === undefined ? {} : { needed }),
});

const asOptions = (names: Readonly<Record<string, string>>) => Object.entries(names);

/** Which pieces. */
export const pieceFields: readonly FieldSpec[] = [
  {
    name: 'category',
    label: 'What are you looking for?',
    kind: 'choice',
    value: 'ring',
    options: [
      ['ring', 'Rings'],
      ['earrings', 'Earrings'],
      ['necklace', 'Necklaces'],
      ['bracelet', 'Bracelets'],
    ],
  },
  {
    name: 'metal',
    label: 'Metal',
    kind: 'select',
    options: [['', 'Any'], ...asOptions(metalNames)],
  },
  {
    name: 'priceMax',
    label: 'Budget',
    kind: 'select',
    options: [
      ['', 'Any'],
      ['1000', 'Up to $1,000'],
      ['2000', 'Up to $2,000'],
      ['4000', 'Up to $4,000'],
    ],
  },
  { name: 'readyToShip', label: 'Ready to ship', kind: 'check' },
];

/** Which order, by its number or by who ordered it. */
export const lookupFields: readonly FieldSpec[] = [
  {
    name: 'by',
    label: 'Find it by',
    kind: 'choice',
    value: 'number',
    options: [
      ['number', 'Order number'],
      ['contact', 'E-mail and postal code'],
    ],
  },
  { ...orderNumber('Please enter the order number.'), when: { field: 'by', is: 'number' } },
  {
    ...email('Please enter the e-mail address of the order.'),
    when: { field: 'by', is: 'contact' },
  },
  {
    name: 'postalCode',
    label: 'Postal code',
    kind: 'text',
    autocomplete: 'postal-code',
    needed: 'Please enter the postal code of the delivery.',
    when: { field: 'by', is: 'contact' },
    problem: (given) =>
      given.length >= 3 && given.length <= 16 ? undefined : 'Three to sixteen characters.',
  },
];

/** What to do with a piece that was bought. */
export const returnFields: readonly FieldSpec[] = [
  orderNumber('Please enter the order number.'),
  {
    name: 'option',
    label: 'What would you like?',
    kind: 'choice',
    value: 'return',
    options: [
      ['return', 'Return it'],
      ['resize', 'Have it resized'],
      ['care', 'Repair and care'],
    ],
  },
  email('Please tell us where to send the label.'),
  { name: 'notes', label: 'Anything we should know?', kind: 'notes' },
];

/** Who to hold a capsule for. */
export const capsuleFields: readonly FieldSpec[] = [
  email('Please tell us for whom we hold the pieces.'),
];

/** News of an order: where to, and that it is wanted. */
export function updateFields(known: string | undefined): readonly FieldSpec[] {
  return [
    orderNumber('Please enter the order number.', known),
    {
      name: 'channel',
      label: 'Where may we write?',
      kind: 'choice',
      value: 'email',
      options: [
        ['email', 'E-mail'],
        ['sms', 'Text message'],
      ],
    },
    { ...email('Please enter your e-mail address.'), when: { field: 'channel', is: 'email' } },
    {
      name: 'phone',
      label: 'Mobile number',
      kind: 'tel',
      autocomplete: 'tel',
      needed: 'Please enter your mobile number.',
      when: { field: 'channel', is: 'sms' },
    },
    {
      name: 'consent',
      label: 'You may write to me about this order.',
      kind: 'check',
      needed: 'We need your consent to write to you.',
    },
  ];
}

const largestPicture = 10 * 1024 * 1024;

/** A picture to be inspired by. */
export const inspirationFields: readonly FieldSpec[] = [
  {
    name: 'picture',
    label: 'Your picture',
    kind: 'picture',
    hint: 'Up to 10 MB.',
    needed: 'Please choose a picture.',
  },
  { name: 'caption', label: 'What do you like about it?', kind: 'notes' },
];

/** What is wrong with a picture; undefined when nothing is. */
export function pictureProblem(file: File): string | undefined {
  return file.size > largestPicture ? 'UPLOAD_TOO_LARGE' : undefined;
}

/** The questions of an `escalation_form`: all, or those that `fieldsOverride` names. */
export function personFields(prefill: Fields, only: readonly string[]): readonly FieldSpec[] {
  const all: readonly FieldSpec[] = [
    {
      name: 'name',
      label: 'Name',
      kind: 'text',
      autocomplete: 'name',
      value: textOf(prefill.name),
    },
    email('Please tell us how to reach you.', textOf(prefill.email)),
    {
      name: 'phone',
      label: 'Telephone',
      kind: 'tel',
      autocomplete: 'tel',
      value: textOf(prefill.phone),
    },
    {
      name: 'timePreference',
      label: 'When suits you?',
      kind: 'select',
      options: [
        ['', 'Any time'],
        ['morning', 'Morning'],
        ['afternoon', 'Afternoon'],
        ['evening', 'Evening'],
      ],
    },
    {
      name: 'notes',
      label: 'How can we help?',
      kind: 'notes',
      needed: 'Please tell us what it is about.',
      problem: (given) =>
        given.length >= 10 ? undefined : 'Please tell us a little more: ten letters at least.',
    },
  ];
  // A person needs an address and a word about it, whatever else was left out.
  const always = new Set(['email', 'notes']);
  return only.length === 0
    ? all
    : all.filter(({ name }) => only.includes(name) || always.has(name));
}
