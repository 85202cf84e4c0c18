import { accumulators } from './aggregate/accumulators.ts';
import { expressionOperators } from './aggregate/expression.ts';
import { stages } from './aggregate/pipeline.ts';
import { commands } from './commands/dispatch.ts';
import { queryOperators } from './query/compile.ts';
import { indexOptions } from './storage/index-spec.ts';
import { updateOperators } from './update/operators.ts';

/** The whole allow-list as Markdown, made from the tables that the server itself looks into. */
export function describeAllowList(): string {
  const rows: [string, readonly string[]][] = [
    ['Query operators', queryOperators],
    ['Update operators', Object.keys(updateOperators)],
    ['Pipeline stages', Object.keys(stages)],
    ['Accumulators of `$group`', Object.keys(accumulators)],
    ['Expressions', Object.keys(expressionOperators)],
    ['Index options', indexOptions],
  ];
  return [
    '| Command | Fields it honours | Fields without effect |',
    '| --- | --- | --- |',
    ...Object.entries(commands).map(
      ([name, { fields, ignored = [] }]) =>
        `| \`${name}\` | ${codes(fields)} | ${codes(ignored)} |`,
    ),
    '',
    '| What | Allowed |',
    '| --- | --- |',
    ...rows.map(([what, names]) => `| ${what} | ${codes(names)} |`),
  ].join('\n');
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ');
}
