import type { Answer } from './api.ts';
import { asking } from './asking.ts';
import type { Concierge } from './concierge.ts';
import type { Fields } from './data.ts';
import type { FormSpec } from './form.ts';
import { paths } from './paths.ts';
import { personFields } from './questions.ts';
import { words } from './words.ts';

/** What an `escalation_form` says; the widget's own words where it does not. */
export interface PersonForm {
  readonly heading?: string | undefined;
  readonly description?: string | undefined;
  readonly submitLabel?: string | undefined;
  readonly prefill?: Fields;
  readonly only?: readonly string[];
}

/** The form that hands the conversation to a person, with all that was said before. */
export function withPerson(concierge: Concierge, form: PersonForm): FormSpec {
  const { conversation, shortlist, pictures } = concierge;
  return asking(concierge, {
    heading: form.heading ?? 'Talk to a stylist',
    description: form.description ?? words.stylist,
    fields: personFields(form.prefill ?? {}, form.only ?? []),
    submitLabel: form.submitLabel ?? 'Send to a stylist',
    blames: { 'validation.contact_email': 'email', 'validation.summary': 'notes' },
    send: ({ values: { name, email, phone, notes, timePreference } }) =>
      concierge.api.post(paths.stylist, {
        contact: {
          email,
          ...(name === undefined ? {} : { name }),
          ...(phone === undefined ? {} : { phone }),
          timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
        summary: notes,
        transcript: conversation.transcript,
        shortlist: shortlist.pieces,
        inspiration: pictures.slice(-20),
        metadata: { source: 'widget', ...(timePreference === undefined ? {} : { timePreference }) },
      }),
    said: ({ values }) => values.notes ?? '',
    answered: ({ messages }) => concierge.show(inOrder(messages), { fold: true }),
  });
}

/** What was understood comes before the chance to correct it. */
function inOrder(messages: Answer['messages']): Answer['messages'] {
  const isForm = ({ type }: { readonly type: string }) => type === 'escalation_form';
  return [...messages.filter((one) => !isForm(one)), ...messages.filter(isForm)];
}
