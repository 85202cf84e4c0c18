import { fail } from '../errors.ts';
import type { Doc } from '../values/value.ts';
import type { Command, Context } from './command.ts';

/** The version whose behaviour is followed, and its number in the wire protocol. */
export const followedVersion = '8.0.0';
const wireVersion = 25;
export const maxDocumentBytes = 16_777_216;
export const maxMessageBytes = 48_000_000;

/** The greeting, the same over both message formats. Without a topology version: nobody polls. */
export function hello(context: Context, command: Doc): Doc {
  const modern = 'hello' in command;
  return {
    ...(modern ? { isWritablePrimary: true } : { ismaster: true }),
    ...(command.helloOk === true ? { helloOk: true } : {}),
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(context.server.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId: context.connectionId,
    minWireVersion: 0,
    maxWireVersion: wireVersion,
    readOnly: false,
  };
}

const greeting: Command = {
  fields: [],
  ignored: [
    'helloOk',
    'client',
    'compression',
    'loadBalanced',
    'backpressure',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'hostInfo',
  ],
  run: hello,
};

const noUsers: Command = {
  fields: [],
  ignored: ['mechanism', 'payload', 'options', 'autoAuthorize', 'conversationId'],
  run: () => fail(18, 'Authentication failed: the embedded database knows no users'),
};

/** Commands about the connection and the server itself. */
export const sessionCommands: Readonly<Record<string, Command>> = {
  hello: greeting,
  isMaster: greeting,
  ismaster: greeting,
  ping: { fields: [], run: () => ({}) },
  buildInfo: { fields: [], run: buildInfo },
  buildinfo: { fields: [], run: buildInfo },
  serverStatus: { fields: [], ignored: ['repl', 'metrics', 'locks'], run: serverStatus },
  // Sessions hold nothing here: there are no transactions.
  endSessions: { fields: [], run: () => ({}) },
  saslStart: noUsers,
};

function buildInfo(): Doc {
  return {
    version: followedVersion,
    versionArray: [8, 0, 0, 0],
    modules: ['aurora-embedded'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: maxDocumentBytes,
    storageEngines: ['memory'],
  };
}

function serverStatus(context: Context): Doc {
  const uptime = (context.server.now() - context.server.startedAt) / 1_000;
  return {
    host: '127.0.0.1',
    version: followedVersion,
    process: 'aurora-embedded',
    pid: process.pid,
    uptime,
    localTime: new Date(context.server.now()),
    connections: { current: context.server.connections() },
    mem: { resident: Math.round(process.memoryUsage.rss() / 1_048_576) },
  };
}
