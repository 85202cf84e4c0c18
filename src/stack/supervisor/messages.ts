import { catalogue, type ErrorCode } from '../../base/catalogue.ts';
import { AuroraError } from '../../base/errors.ts';
import type { StackProgress } from './part-group.ts';
import type { Sources } from './sources.ts';
import type { StackState } from './state.ts';

/** What the supervisor is told. All paths are absolute. */
export interface SupervisorOptions {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly partsDirectory: string;
  readonly fixtures: string;
  readonly flagsRuntime: string;
  readonly flagsTemplate: string;
  readonly sources: Sources;
}

/** An error on its way between processes. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly where?: string | undefined;
  readonly remedy?: string | undefined;
}

/** What the supervisor tells the one who started it. */
export type SupervisorMessage =
  | { readonly type: 'progress'; readonly progress: StackProgress }
  | { readonly type: 'ready'; readonly state: StackState }
  | { readonly type: 'failed'; readonly error: WireError };

/** An error as it can be sent; what is no known error becomes STACK_START_FAILED. */
export function toWire(error: unknown): WireError {
  if (error instanceof AuroraError) {
    const { code, message, where, remedy } = error;
    return { code, message, where, remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'STACK_START_FAILED', message };
}

const isCode = (code: string): code is ErrorCode => code in catalogue;

/** The known error that was sent. */
export function fromWire(error: WireError): AuroraError {
  const code = isCode(error.code) ? error.code : 'STACK_START_FAILED';
  return new AuroraError(code, error.message, {
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  });
}
