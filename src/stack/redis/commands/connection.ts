import { timingSafeEqual } from 'node:crypto';
import { array, bulk, error, integer, ok, type Reply, status } from '../reply.ts';
import { type Command, type CommandContext, CommandError, wholeNumber, word } from './command.ts';

/** The version whose behaviour these commands follow. */
export const imitatedVersion = '7.0.15';

/** Commands about the connection itself, and about the server. */
export const connectionCommands: Readonly<Record<string, Command>> = {
  ping: {
    arity: -1,
    run: (words) => {
      if (words.length > 2) {
        throw new CommandError("ERR wrong number of arguments for 'ping' command");
      }
      return words[1] === undefined ? status('PONG') : bulk(words[1]);
    },
  },
  echo: { arity: 2, run: (words) => bulk(words[1] ?? '') },
  quit: {
    arity: -1,
    open: true,
    run: (_, { session }) => {
      session.closing = true;
      return ok;
    },
  },
  auth: {
    arity: -2,
    open: true,
    run: (words, context) => {
      if (words.length > 3) throw new CommandError('ERR syntax error');
      if (context.password === undefined && words.length === 2) {
        throw new CommandError(
          'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
        );
      }
      const user = words.length === 3 ? word(words, 1) : 'default';
      logIn(user, words.at(-1) ?? Buffer.alloc(0), context);
      return ok;
    },
  },
  hello: { arity: -1, open: true, run: hello },
  select: {
    arity: 2,
    run: (words) => {
      if (wholeNumber(word(words, 1)) !== 0) {
        throw new CommandError('ERR DB index is out of range');
      }
      return ok;
    },
  },
  client: { arity: -2, run: client },
  command: {
    arity: -1,
    run: (words) => {
      const part = words.length > 1 ? word(words, 1).toLowerCase() : '';
      return part === 'count' ? integer(0) : array([]);
    },
  },
  info: { arity: -1, run: (_, context) => bulk(info(context)) },
};

function logIn(user: string, password: Buffer, context: CommandContext): void {
  const expected = Buffer.from(context.password ?? '');
  const right =
    user === 'default' &&
    (context.password === undefined ||
      (password.length === expected.length && timingSafeEqual(password, expected)));
  if (!right) {
    throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.');
  }
  context.session.authenticated = true;
}

/** `HELLO [2|3 [AUTH user password] [SETNAME name]]`. */
function hello(words: readonly Buffer[], context: CommandContext): Reply {
  const { session } = context;
  let protocol = session.protocol;
  if (words.length > 1) {
    const asked = word(words, 1);
    if (asked !== '2' && asked !== '3') {
      return error(
        /^\d+$/.test(asked)
          ? 'NOPROTO unsupported protocol version'
          : 'ERR Protocol version is not an integer or out of range',
      );
    }
    protocol = asked === '3' ? 3 : 2;
  }
  let name: string | undefined;
  for (let at = 2; at < words.length; ) {
    const option = word(words, at).toLowerCase();
    if (option === 'auth' && words.length > at + 2) {
      logIn(word(words, at + 1), words[at + 2] ?? Buffer.alloc(0), context);
      at += 3;
    } else if (option === 'setname' && words.length > at + 1) {
      name = clientName(word(words, at + 1));
      at += 2;
    } else {
      throw new CommandError(`ERR Syntax error in HELLO option '${word(words, at)}'`);
    }
  }
  if (!session.authenticated) {
    throw new CommandError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  }
  session.protocol = protocol;
  session.name = name ?? session.name;
  return {
    kind: 'map',
    entries: [
      ['server', bulk('redis')],
      ['version', bulk(imitatedVersion)],
      ['proto', integer(protocol)],
      ['id', integer(session.id)],
      ['mode', bulk('standalone')],
      ['role', bulk('master')],
      ['modules', array([])],
    ],
  };
}

function client(words: readonly Buffer[], { session }: CommandContext): Reply {
  const part = word(words, 1).toLowerCase();
  if (part === 'id' && words.length === 2) return integer(session.id);
  if (part === 'getname' && words.length === 2) {
    return bulk(session.name === '' ? null : Buffer.from(session.name, 'latin1'));
  }
  if (part === 'setname' && words.length === 3) {
    session.name = clientName(word(words, 2));
    return ok;
  }
  // Newer than the imitated version, but asked for by current clients and without consequence.
  if (part === 'setinfo' && words.length === 4) return ok;
  throw new CommandError(
    `ERR unknown subcommand or wrong number of arguments for '${word(words, 1)}'. Try CLIENT HELP.`,
  );
}

function clientName(text: string): string {
  if (!/^[!-~]*$/.test(text)) {
    throw new CommandError(
      'ERR Client names cannot contain spaces, newlines or special characters.',
    );
  }
  return text;
}

function info({ keys, clients }: CommandContext): string {
  const sections = [
    '# Server',
    `redis_version:${imitatedVersion}`,
    'redis_mode:standalone',
    'server_name:aurora-stack',
    '',
    '# Clients',
    `connected_clients:${clients()}`,
    '',
    '# Persistence',
    'loading:0',
    '',
    '# Replication',
    'role:master',
    '',
    '# Keyspace',
    ...(keys.size === 0 ? [] : [`db0:keys=${keys.size},expires=${keys.expiring()},avg_ttl=0`]),
    '',
  ];
  return sections.join('\r\n');
}
