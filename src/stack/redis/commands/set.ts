import { bulk, ok, type Reply } from '../reply.ts';
import {
  type Command,
  type CommandContext,
  CommandError,
  syntaxError,
  wholeNumber,
  word,
} from './command.ts';

/** Options of SET, after reading. */
interface SetOptions {
  only: 'absent' | 'present' | undefined;
  returnsOld: boolean;
  expiresAt: number | 'keep' | undefined;
}

/** How an expiry option counts: the factor to milliseconds, and from when. */
const expiryOptions: Readonly<Record<string, { factor: number; relative: boolean }>> = {
  ex: { factor: 1_000, relative: true },
  px: { factor: 1, relative: true },
  exat: { factor: 1_000, relative: false },
  pxat: { factor: 1, relative: false },
};

/** SET and its older forms. */
export const setCommands: Readonly<Record<string, Command>> = {
  set: { arity: -3, run: set },
  setex: {
    arity: 4,
    run: (words, context) => {
      const lifetime = moment('ex', word(words, 2), 'setex', context);
      context.keys.set(word(words, 1), value(words, 3), lifetime);
      return ok;
    },
  },
  psetex: {
    arity: 4,
    run: (words, context) => {
      const lifetime = moment('px', word(words, 2), 'psetex', context);
      context.keys.set(word(words, 1), value(words, 3), lifetime);
      return ok;
    },
  },
};

function set(words: readonly Buffer[], context: CommandContext): Reply {
  const { keys } = context;
  const key = word(words, 1);
  const options = setOptions(words, context);
  const old = keys.get(key);
  const refused =
    (options.only === 'absent' && old !== null) || (options.only === 'present' && old === null);
  if (!refused) {
    const expiresAt =
      options.expiresAt === 'keep' ? keys.expiry(key) : (options.expiresAt ?? Infinity);
    keys.set(key, value(words, 2), expiresAt ?? Infinity);
  }
  if (options.returnsOld) return bulk(old);
  return refused ? bulk(null) : ok;
}

function setOptions(words: readonly Buffer[], context: CommandContext): SetOptions {
  const options: SetOptions = { only: undefined, returnsOld: false, expiresAt: undefined };
  for (let at = 3; at < words.length; at += 1) {
    const name = word(words, at).toLowerCase();
    if ((name === 'nx' || name === 'xx') && options.only === undefined) {
      options.only = name === 'nx' ? 'absent' : 'present';
    } else if (name === 'get') {
      options.returnsOld = true;
    } else if (options.expiresAt === undefined && name === 'keepttl') {
      options.expiresAt = 'keep';
    } else if (options.expiresAt === undefined && name in expiryOptions) {
      at += 1;
      options.expiresAt = moment(name, word(words, at), 'set', context);
    } else {
      throw syntaxError();
    }
  }
  return options;
}

/** The moment of expiry, in milliseconds since the epoch. */
function moment(name: string, text: string, command: string, context: CommandContext): number {
  const option = expiryOptions[name];
  if (option === undefined) throw syntaxError();
  const amount = wholeNumber(text);
  if (amount <= 0) throw new CommandError(`ERR invalid expire time in '${command}' command`);
  return amount * option.factor + (option.relative ? context.now() : 0);
}

function value(words: readonly Buffer[], at: number): Buffer {
  const bytes = words[at];
  if (bytes === undefined) throw syntaxError();
  return bytes;
}
