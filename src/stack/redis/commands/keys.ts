import { globMatcher } from '../glob.ts';
import { array, bulk, integer, ok, type Reply } from '../reply.ts';
import {
  type Command,
  type CommandContext,
  CommandError,
  syntaxError,
  wholeNumber,
  word,
} from './command.ts';

/** Commands that read, remove and walk over keys. */
export const keyCommands: Readonly<Record<string, Command>> = {
  get: { arity: 2, run: (words, { keys }) => bulk(keys.get(word(words, 1))) },
  mget: {
    arity: -2,
    run: (words, { keys }) => array(names(words).map((key) => bulk(keys.get(key)))),
  },
  del: { arity: -2, run: remove },
  unlink: { arity: -2, run: remove },
  exists: {
    arity: -2,
    run: (words, { keys }) => integer(names(words).filter((key) => keys.has(key)).length),
  },
  type: {
    arity: 2,
    run: (words, { keys }) => ({
      kind: 'status',
      text: keys.has(word(words, 1)) ? 'string' : 'none',
    }),
  },
  expire: { arity: 3, run: (words, context) => expire(words, 1_000, 'expire', context) },
  pexpire: { arity: 3, run: (words, context) => expire(words, 1, 'pexpire', context) },
  persist: {
    arity: 2,
    run: (words, { keys }) => {
      const key = word(words, 1);
      const expiry = keys.expiry(key);
      if (expiry === undefined || expiry === Infinity) return integer(0);
      return integer(keys.expire(key, Infinity) ? 1 : 0);
    },
  },
  ttl: { arity: 2, run: (words, context) => timeToLive(words, 1_000, context) },
  pttl: { arity: 2, run: (words, context) => timeToLive(words, 1, context) },
  dbsize: { arity: 1, run: (_, { keys }) => integer(keys.size) },
  flushdb: { arity: -1, run: flush },
  scan: { arity: -2, run: scan },
};

function names(words: readonly Buffer[]): string[] {
  return words.slice(1).map((bytes) => bytes.toString('latin1'));
}

function remove(words: readonly Buffer[], { keys }: CommandContext): Reply {
  return integer(names(words).filter((key) => keys.delete(key)).length);
}

function expire(
  words: readonly Buffer[],
  factor: number,
  command: string,
  { keys, now }: CommandContext,
): Reply {
  const at = wholeNumber(word(words, 2)) * factor + now();
  if (!Number.isSafeInteger(at)) {
    throw new CommandError(`ERR invalid expire time in '${command}' command`);
  }
  return integer(keys.expire(word(words, 1), at) ? 1 : 0);
}

function timeToLive(words: readonly Buffer[], unit: number, { keys, now }: CommandContext): Reply {
  const expiry = keys.expiry(word(words, 1));
  if (expiry === undefined) return integer(-2);
  if (expiry === Infinity) return integer(-1);
  return integer(Math.round((expiry - now()) / unit));
}

function flush(words: readonly Buffer[], { keys }: CommandContext): Reply {
  const mode = words.length > 1 ? word(words, 1).toLowerCase() : 'sync';
  if (words.length > 2 || (mode !== 'sync' && mode !== 'async')) throw syntaxError();
  keys.clear();
  return ok;
}

function scan(words: readonly Buffer[], { keys }: CommandContext): Reply {
  const cursor = word(words, 1);
  if (!/^\d{1,15}$/.test(cursor)) throw new CommandError('ERR invalid cursor');
  let matches: (key: string) => boolean = () => true;
  let count = 10;
  for (let at = 2; at < words.length; at += 2) {
    const option = word(words, at).toLowerCase();
    const text = word(words, at + 1);
    if (option === 'match') matches = globMatcher(text);
    else if (option === 'count') count = wholeNumber(text);
    // Only strings are stored here.
    else if (option === 'type') matches = text.toLowerCase() === 'string' ? matches : () => false;
    else throw syntaxError();
  }
  if (count < 1) throw syntaxError();
  const page = keys.scan(Number(cursor), count, matches);
  return array([
    bulk(String(page.cursor)),
    array(page.keys.map((key) => bulk(Buffer.from(key, 'latin1')))),
  ]);
}
