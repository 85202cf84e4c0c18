import { MongoClient, MongoError, MongoNetworkError, MongoServerError } from 'mongodb';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { rememberSecret } from '../../base/redact.ts';
import type { Secret } from '../../base/secret.ts';

/** How long the driver looks for a server, and how long one connection may stay silent. */
const selectionMs = 3_000;
const silenceMs = 20_000;

/** Everything the driver could be told by `MONGODB_LOG_*` of somebody's shell. */
const noLogging = {
  default: 'off',
  command: 'off',
  topology: 'off',
  serverSelection: 'off',
  connection: 'off',
  client: 'off',
} as const;

/** The address without user, password and options, safe to print. */
export function safeAddress(uri: Secret): string {
  const [, scheme = 'mongodb', hosts = ''] =
    /^(mongodb(?:\+srv)?):\/\/(?:[^/?]*@)?([^/?]*)/.exec(uri.reveal()) ?? [];
  return `${scheme}://${hosts}`;
}

/**
 * A client that connects on first use. Nothing but the URI and these options configures it.
 * Throws CONFIG_INVALID when the URI cannot be understood.
 */
export function createClient(uri: Secret): MongoClient {
  rememberPassword(uri.reveal());
  try {
    return new MongoClient(uri.reveal(), {
      appName: 'aurora',
      // Options win over the URI in the driver; here the person who wrote the URI wins.
      ...(/[?&]serverSelectionTimeoutMS=/i.test(uri.reveal())
        ? {}
        : { serverSelectionTimeoutMS: selectionMs }),
      connectTimeoutMS: selectionMs,
      socketTimeoutMS: silenceMs,
      maxPoolSize: 8,
      retryWrites: false,
      mongodbLogComponentSeverities: noLogging,
    });
  } catch (error) {
    throw new AuroraError('CONFIG_INVALID', `no MongoDB connection string: ${messageOf(error)}`, {
      where: uri.source,
    });
  }
}

/** Error texts may show the password alone, so the redactor has to know it by itself. */
function rememberPassword(uri: string): void {
  const password = /^[^:]+:\/\/[^:@/]*:([^@/]+)@/.exec(uri)?.[1];
  if (password === undefined) return;
  rememberSecret(password);
  try {
    rememberSecret(decodeURIComponent(password));
  } catch {
    // Not percent-encoded after all: the raw form above is the one.
  }
}

/** The known error for what the driver threw; anything that is not of the driver stays as it is. */
export function serviceError(error: unknown, where: string): unknown {
  if (!(error instanceof MongoError)) return error;
  const code = isRefusal(error) ? 'SERVICE_REFUSED' : 'SERVICE_UNREACHABLE';
  const prefix = code === 'SERVICE_REFUSED' ? 'refused' : 'no answer';
  // The driver's error refers to its client and so to its credentials: only the text goes on.
  const cause = new Error(`${error.name}: ${messageOf(error)}`);
  return new AuroraError(code, `${prefix}: ${messageOf(error)}`, { where, cause });
}

function isRefusal(error: MongoError): boolean {
  return error instanceof MongoServerError && !(error instanceof MongoNetworkError);
}
