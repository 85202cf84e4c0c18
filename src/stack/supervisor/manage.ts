import { resolve } from 'node:path';
import { AuroraError, hasCode } from '../../base/errors.ts';
import { callControl, type Found, forgetStack, liveStack } from './control-client.ts';
import type { FaultName } from './faults.ts';
import { untilGone } from './processes.ts';
import { parseState, type StackState } from './state.ts';
import { defaultStackDirectory } from './up.ts';

const downWithinMs = 6_000;
const actionWithinMs = 60_000;

const place = (directory: string | undefined) => resolve(directory ?? defaultStackDirectory);

/** The running stack. STACK_NOT_RUNNING when there is none. */
export async function stackStatus(
  directory: string | undefined,
  signal: AbortSignal,
): Promise<StackState> {
  return (await liveStack(place(directory), signal)).state;
}

/**
 * Ends the stack and resolves when all its processes are gone. Answers false when none ran; what one left
 * behind is removed all the same. STACK_START_FAILED names processes that did not end.
 */
export async function stackDown(
  directory: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const where = place(directory);
  let found: Found;
  try {
    found = await liveStack(where, signal);
    await callControl(found, { method: 'POST', path: '/down' }, signal);
  } catch (error) {
    const isGone = hasCode(error, 'STACK_NOT_RUNNING') || hasCode(error, 'STORE_FAILED');
    if (!isGone) throw error;
    await forgetStack(where);
    return false;
  }
  const { pid, parts } = found.state;
  const alive = parts.filter(({ ended }) => ended === null).map((part) => part.pid);
  if (await untilGone([pid, ...alive], downWithinMs)) return true;
  throw new AuroraError('STACK_START_FAILED', `the stack did not end within ${downWithinMs} ms`, {
    where,
    remedy: `End these processes: ${[pid, ...alive].join(', ')}.`,
  });
}

async function act(
  directory: string | undefined,
  call: { readonly path: string; readonly body?: object },
  signal: AbortSignal,
): Promise<StackState> {
  const found = await liveStack(place(directory), signal);
  const options = { method: 'POST', timeoutMs: actionWithinMs, ...call } as const;
  return parseState(await callControl(found, options, signal));
}

/**
 * Brings the stack back to how it was after its start, its servers kept: slots, traffic, data, flags,
 * secrets, caches, faults. The databases want their migration again; releases are left alone.
 */
export function stackReset(
  directory: string | undefined,
  signal: AbortSignal,
): Promise<StackState> {
  return act(directory, { path: '/reset' }, signal);
}

/**
 * Breaks something on purpose, or repairs everything with `clear`. STACK_FOREIGN when what it would break
 * was not started by the stack; RELEASE_STATE when there is nothing to break yet.
 */
export function stackFault(
  fault: FaultName | 'clear',
  directory: string | undefined,
  signal: AbortSignal,
): Promise<StackState> {
  return act(directory, { path: '/faults', body: { fault } }, signal);
}
