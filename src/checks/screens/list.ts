import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { readChecklist } from '../checklist.ts';
import { placeholdersIn } from '../smoke/template.ts';

/** What every visitor brings along, for the fields of forms. */
const given = ['orderNumber', 'email', 'postalCode'];

const word = z.string().regex(/^[a-z0-9-]+$/, 'lower-case words with hyphens');
const words = z.string().min(1);
const path = z.string().startsWith('/');

const act = z.union(
  [
    z.strictObject({ press: words.describe('The button with exactly this name.') }),
    z.strictObject({
      pressNext: words.describe('The first button whose name begins so and is not pressed yet.'),
    }),
    z.strictObject({ click: words.describe('The first thing that this CSS selector finds.') }),
    z.strictObject({ check: words.describe('The box or the choice with this label.') }),
    z.strictObject({
      fill: words.describe('The field with this name.'),
      with: words.describe('What is written into it.'),
    }),
    z.strictObject({ see: words.describe('A text that must come.') }),
  ],
  { error: 'expected one of press, pressNext, click, check, see, or fill and with' },
);

const journey = z.strictObject({
  id: word,
  title: words,
  do: z.array(act).min(1).describe('What the visitor does, in this order.'),
});

const page = z.strictObject({ id: word, title: words, path });

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: 'expected a duration such as 15 s' });
  return z.NEVER;
});

/** `screens.yaml`: what is shown to the person who approves. */
export const screensList = z
  .strictObject({
    within: duration.describe('How long one journey, or one page, may take.'),
    page: path.describe('The page that hosts the widget.'),
    sessionCookie: words.describe("Cookie that holds the visitor's session."),
    journeys: z.array(journey).min(1),
    dashboards: z
      .strictObject({
        login: path.describe('Takes the token as a form field, and answers with a cookie.'),
        field: words.describe('Name of that field.'),
        pages: z.array(page).min(1),
      })
      .optional(),
  })
  .superRefine(({ journeys, dashboards }, context) => {
    const ids = [...journeys, ...(dashboards?.pages ?? [])].map(({ id }) => id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) {
      context.addIssue({ code: 'custom', message: `the id ${twice} comes twice` });
    }
    for (const [at, one] of journeys.entries()) {
      const name = [...placeholdersIn(one.do)].find((found) => !given.includes(found));
      if (name === undefined) continue;
      const message = `nothing gives {${name}} a value`;
      context.addIssue({ code: 'custom', message, path: ['journeys', at, 'do'] });
    }
  });

export type ScreensList = z.infer<typeof screensList>;
export type ScreenJourney = ScreensList['journeys'][number];
export type ScreenDashboards = NonNullable<ScreensList['dashboards']>;

/** Reads the checklist of screenshots. PLAN_INVALID. */
export function readScreensList(checklists: string, name = 'screens.yaml'): Promise<ScreensList> {
  return readChecklist(checklists, name, screensList);
}
