import { type Command, type CommandContext, CommandError } from './commands/command.ts';
import { connectionCommands } from './commands/connection.ts';
import { keyCommands } from './commands/keys.ts';
import { setCommands } from './commands/set.ts';
import { error, type Reply } from './reply.ts';

const commands = new Map<string, Command>(
  Object.entries({ ...connectionCommands, ...keyCommands, ...setCommands }),
);

/** Runs one command; whatever it cannot do is an error reply, as from the real server. */
export function execute(words: readonly Buffer[], context: CommandContext): Reply {
  const name = words[0]?.toString('latin1') ?? '';
  const command = commands.get(name.toLowerCase());
  if (!context.session.authenticated && command?.open !== true) {
    return error('NOAUTH Authentication required.');
  }
  if (command === undefined) return error(unknown(name, words.slice(1)));
  if (!fits(command.arity, words.length)) {
    return error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
  }
  try {
    return command.run(words, context);
  } catch (failure) {
    if (failure instanceof CommandError) return error(failure.message);
    throw failure;
  }
}

function fits(arity: number, words: number): boolean {
  return arity >= 0 ? words === arity : words >= -arity;
}

function unknown(name: string, rest: readonly Buffer[]): string {
  const shown = rest.map((bytes) => `'${bytes.toString('latin1').slice(0, 128)}' `).join('');
  return `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown.slice(0, 128)}`;
}
