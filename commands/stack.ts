import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Register } from '../src/app/verb.ts';
import type { FaultName } from '../src/stack/supervisor/faults.ts';
import { allOptions } from './options.ts';

/** As `src/stack` has them; a test holds the two lists together. Loading that room would be slow. */
export const faultWords = [
  'env-mismatch',
  'missing-index',
  'vault-sealed',
  'no-traffic',
  'prod-start-fails',
  'redis-dead',
  'vault-dead',
  'database-dead',
  'metrics-down',
  'counter-reset',
  'model-slow',
  'model-quota',
  'model-wrong',
] as const satisfies readonly FaultName[];

function rate(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError('It must be a number of sessions per second.');
}

function verb(stack: Command, name: string, description: string): Command {
  return stack
    .command(name)
    .description(description)
    .option('--dir <directory>', 'where the stack lives (default: .aurora/stack)');
}

export const register: Register = (program, app) => {
  const stack = program.command('stack').description('a whole company on a laptop, to rehearse on');
  verb(stack, 'up', 'start it: flags, database, vault, cache, edges, host, receivers, shoppers')
    .addHelpText(
      'after',
      '\nEverything listens on loopback. Only AURORA_STACK_* variables count; see docs/local-stack.md.\n',
    )
    .action((_options, command) =>
      app.act(async () => {
        const { stackUpVerb } = await import('../src/stack/verbs.ts');
        return stackUpVerb(app.io, allOptions(command));
      }),
    );
  verb(stack, 'down', 'end it, and everything that it started').action((_options, command) =>
    app.act(async () => {
      const { stackDownVerb } = await import('../src/stack/verbs.ts');
      return stackDownVerb(app.io, allOptions(command));
    }),
  );
  verb(stack, 'status', 'what runs where').action((_options, command) =>
    app.act(async () => {
      const { stackStatusVerb } = await import('../src/stack/verbs.ts');
      return stackStatusVerb(app.io, allOptions(command));
    }),
  );
  verb(stack, 'reset', 'make it as new, its servers kept').action((_options, command) =>
    app.act(async () => {
      const { stackResetVerb } = await import('../src/stack/verbs.ts');
      return stackResetVerb(app.io, allOptions(command));
    }),
  );
  verb(stack, 'fault', 'break something on purpose, or repair everything with `clear`')
    .addArgument(new Argument('<fault>').choices([...faultWords, 'clear']))
    .action((fault: FaultName | 'clear', _options, command) =>
      app.act(async () => {
        const { stackFaultVerb } = await import('../src/stack/verbs.ts');
        return stackFaultVerb(app.io, fault, allOptions(command));
      }),
    );
  verb(stack, 'shoppers', 'how many customers come')
    .addOption(new Option('--production <n>', 'sessions per second').argParser(rate))
    .addOption(new Option('--staging <n>', 'sessions per second').argParser(rate))
    .action((_options, command) =>
      app.act(async () => {
        const { stackShoppersVerb } = await import('../src/stack/verbs.ts');
        const { production, staging, ...rest } = allOptions<{
          production?: number;
          staging?: number;
        }>(command);
        const wish = {
          ...(production === undefined ? {} : { production }),
          ...(staging === undefined ? {} : { staging }),
        };
        return stackShoppersVerb(app.io, wish, rest);
      }),
    );
};
