import { readFile, rm } from 'node:fs/promises';
import { AuroraError, hasCode } from '../../base/errors.ts';
import { http, parseJson } from '../../services/http/request.ts';
import { fromWire, type WireError } from './messages.ts';
import { controlTokenFile, parseState, readState, type StackState, stateFile } from './state.ts';

/** A stack that is there, and the way to its control service. */
export interface Found {
  readonly state: StackState;
  readonly token: string;
}

const notRunning = (directory: string) =>
  new AuroraError('STACK_NOT_RUNNING', 'no local stack runs here', { where: directory });

/** What the stack's files say; whether it still runs is for its control service to answer. */
export async function findStack(directory: string): Promise<Found | undefined> {
  const state = await readState(directory);
  if (state === undefined) return undefined;
  const token = await readFile(controlTokenFile(directory), 'utf8').catch(() => '');
  return { state, token };
}

/**
 * Sends one call to a stack's control service. STACK_NOT_RUNNING when it does not answer; otherwise the
 * supervisor's own errors.
 */
export async function callControl(
  found: Found,
  call: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: object;
    readonly timeoutMs?: number;
  },
  signal: AbortSignal,
): Promise<unknown> {
  const url = `${found.state.control}${call.path}`;
  const headers = { authorization: `Bearer ${found.token}` };
  const { timeoutMs, body } = call;
  const answer = await http(
    {
      method: call.method,
      url,
      headers,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(body === undefined ? {} : { body }),
    },
    signal,
  ).catch((error: unknown) => {
    throw hasCode(error, 'SERVICE_UNREACHABLE') ? notRunning(found.state.directory) : error;
  });
  // Another program, or another stack, got the port of one that is gone.
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
    throw notRunning(found.state.directory);
  }
  const value = parseJson(answer, url);
  if (answer.status >= 300) throw fromWire(value as WireError);
  return value;
}

/** The running stack of a directory with its state of now. STACK_NOT_RUNNING when there is none. */
export async function liveStack(directory: string, signal: AbortSignal): Promise<Found> {
  const found = await findStack(directory);
  if (found === undefined) throw notRunning(directory);
  const status = await callControl(
    found,
    { method: 'GET', path: '/status', timeoutMs: 3_000 },
    signal,
  );
  return { ...found, state: parseState(status) };
}

/** Removes what a stack that is gone left behind. */
export async function forgetStack(directory: string): Promise<void> {
  const paths = [stateFile(directory), controlTokenFile(directory)];
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
