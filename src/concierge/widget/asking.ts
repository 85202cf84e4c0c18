import type { Answer } from './api.ts';
import type { Concierge } from './concierge.ts';
import type { Filled, FormSpec } from './form.ts';

/** A form of the conversation: how it is sent, and what becomes of the answer. */
export interface Question extends Omit<FormSpec, 'submit'> {
  send(filled: Filled): Promise<Answer>;
  /** What the customer has said with it. */
  said(filled: Filled): string;
  /** Shows the answer; its messages as they come when left out. */
  answered?(answer: Answer, filled: Filled): void;
}

/** A form whose answer is shown, and that turns into what was said. */
export function asking(concierge: Concierge, question: Question): FormSpec {
  return {
    ...question,
    async submit(filled) {
      const answer = await question.send(filled);
      concierge.completed();
      const said = question.said(filled);
      concierge.conversation.note('guest', said);
      const { answered = () => concierge.show(answer.messages) } = question;
      return { said, next: () => answered(answer, filled) };
    },
  };
}
