import type { Command } from 'commander';
import { fence, page, rows, term, words } from './page.ts';

/** Help is laid out for this width, whatever the terminal. */
const helpWidth = 100;

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}

/** What a command adds below its generated help: remarks, and examples on indented lines. */
function afterHelp(command: Command): string | undefined {
  const added = helpOf(command).slice(command.helpInformation().length).trimEnd();
  const parts = added.split(/\n(?=\S)|\n{2,}/).flatMap((part) => {
    const [first = '', ...rest] = part.replace(/^\n+/, '').split('\n');
    if (first.trim() === '') return [];
    if (first.startsWith('  ')) return [fence(undent([first, ...rest]), 'sh')];
    return rest.length === 0 ? [first] : [first, fence(undent(rest), 'sh')];
  });
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function undent(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

function argumentRows(command: Command): string | undefined {
  return rows(
    ['Argument', 'What it is'],
    command.registeredArguments.map((argument) => {
      const choices = argument.argChoices?.map((choice) => `\`${choice}\``).join(', ');
      const text = choices === undefined ? argument.description : `one of ${choices}`;
      const name = argument.variadic ? `${argument.name()}...` : argument.name();
      return [term(argument.required ? `<${name}>` : `[${name}]`), words(text)];
    }),
  );
}

/** Without `--help`, which every verb has. */
function optionRows(command: Command): string | undefined {
  return rows(
    ['Option', 'What it does'],
    command.options.map((option) => {
      const choices = option.argChoices?.map((choice) => `\`${choice}\``).join(' or ');
      const notes = [
        ...(choices === undefined ? [] : [choices]),
        ...(option.defaultValueDescription === undefined
          ? []
          : [`default: ${option.defaultValueDescription}`]),
        ...(option.mandatory ? ['must be given'] : []),
      ];
      const text = [option.description, ...notes].join('; ');
      return [term(option.flags), words(text)];
    }),
  );
}

function fullName(command: Command): string {
  const parent = command.parent;
  return parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** Every command that does something, in the order of the help. */
export function leaves(command: Command): readonly Command[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  return children.length === 0 ? [command] : children.flatMap(leaves);
}

/** `release`, `build pack`: how people call a verb. */
export function verbName(command: Command): string {
  return fullName(command).split(' ').slice(1).join(' ');
}

function section(command: Command): string {
  const description = command.description();
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  const parts = [
    `## ${verbName(command)}`,
    sentence,
    fence(`${fullName(command)} ${command.usage()}`.trimEnd()),
    argumentRows(command),
    optionRows(command),
    afterHelp(command),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

/** `docs/commands.md`: every verb with its arguments, options and examples. */
export function commandsPage(program: Command): string {
  return page(
    'Commands',
    'Every verb of `aurora`, as `aurora <verb> --help` tells it. What a verb ends with is listed in [exit-codes.md](exit-codes.md).',
    '## Options of every verb',
    optionRows(program),
    ...leaves(program).map(section),
  );
}
