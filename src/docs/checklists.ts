import { stringify } from 'yaml';
import { checkKind, checkKinds } from '../checks/registry.ts';
import { effectKind, effectKinds } from '../effects/registry.ts';
import type { Plan } from '../plan/plan.ts';
import { checklistSchemas } from './checklist-schemas.ts';
import { fieldsOf, fieldTable } from './fields.ts';
import { checkWords, effectWords } from './kinds.ts';
import { fence, page } from './page.ts';
import { schemaNode } from './schema-node.ts';

/** What each file is for. */
const purposes: Readonly<Record<string, string>> = {
  release:
    "The plan's table, word for word, and under `do` the moves that carry each step out: `check` measures, `effect` acts, `approval` waits for a person. The moves run in their order up to the first check that does not pass; what is not `pass` becomes the verdict that `verdicts` gives it. A step without a check or an approval is refused: no checks are never a go.",
  environments: "The plan's environment matrix: variable -> what each environment must hold.",
  'pre-flight': 'What must be in place before anything is deployed.',
  smoke:
    'The interactions of the smoke checklist. In a body, `{sessionId}`, `{orderNumber}`, `{email}` and `{postalCode}` stand for values of the run.',
  screens:
    'What is shown to the person who signs: journeys in a real browser, by the words on the screen, and the dashboards. A plan that makes no screenshots needs no such file.',
  slo: 'The bands that canary, ramp and post-deploy are judged by. See [judge.md](judge.md).',
  'post-deploy': 'What is asked once the candidate has all traffic.',
  rollback:
    'What a rollback does, in phases. Within a phase everything at once; every phase is tried whatever happened in the one before.',
};

function fileSection(name: string): readonly (string | undefined)[] {
  const schema = checklistSchemas[name];
  const table = schema === undefined ? undefined : fieldTable(fieldsOf(schemaNode(schema)));
  return [`### ${name}.yaml`, purposes[name], table];
}

/** The first use of a kind in a plan, as it stands there. */
function example(plan: Plan, type: 'check' | 'effect', kind: string): string | undefined {
  const moves = plan.steps.flatMap((step) =>
    step.moves.flatMap((move) => (move.type === type ? [move] : [])),
  );
  const acts = type === 'effect' ? plan.rollback.flat() : [];
  const used = [...moves, ...acts].find((one) => one.kind === kind);
  if (used === undefined) return undefined;
  const move = Object.keys(used.params).length === 0 ? {} : { with: used.params };
  return fence(stringify([{ [type]: kind, ...move }]), 'yaml');
}

function checkSection(plan: Plan, kind: string): readonly (string | undefined)[] {
  const table = fieldTable(fieldsOf(schemaNode(checkKind(kind).params)));
  return [`### ${kind}`, checkWords[kind], table, example(plan, 'check', kind)];
}

function effectSection(plan: Plan, kind: string): readonly (string | undefined)[] {
  const params = effectKind(kind)?.params;
  const table = params === undefined ? undefined : fieldTable(fieldsOf(schemaNode(params)));
  return [
    `### ${kind}`,
    effectWords[kind],
    table ?? 'No parameters.',
    example(plan, 'effect', kind),
  ];
}

/** `docs/checklists.md`: the files of a plan, every check and every effect. */
export function checklistsPage(plan: Plan): string {
  return page(
    'Checklists',
    'The plan is data: a directory of seven YAML files. The shipped one carries out the deployment plan of version 1.0.0; `plan:` in the configuration names another. `aurora plan show` tells what a plan does, `aurora plan check` validates it. A release is bound to the digest over all of them: a plan that was changed cannot go on with a release that began before.',
    'Beside each file lies its JSON Schema; editors that know `# yaml-language-server` complete and check while you type. In the tables below a dot goes one level down, `[]` is an item of a list, `<name>` a name of your own. Durations are texts such as `30 s`, `10 min`, `2 h`.',
    '## Files',
    ...Object.keys(checklistSchemas).flatMap(fileSection),
    '## Checks',
    'What a move `check: <kind>` may name. Its result is `pass`, `fail` (measured and wrong), `inconclusive` (too little to say) or `error` (could not be measured).',
    ...checkKinds.flatMap((kind) => checkSection(plan, kind)),
    '## Effects',
    'What a move `effect: <kind>` may name, in a step or in a rollback. Each looks first whether it is so already, acts, and then looks from outside until it is seen.',
    ...effectKinds.flatMap((kind) => effectSection(plan, kind)),
  );
}
