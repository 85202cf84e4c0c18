import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import type { ErrorCodes, Operation } from '../http/operation.ts';
import { common } from './messages.ts';

/** What an endpoint says of itself, whatever its input. */
export interface Described
  extends Pick<
    Endpoint<never>,
    'summary' | 'response' | 'codes' | 'failure' | 'errors' | 'needsKey' | 'deprecation'
  > {
  readonly schema: z.ZodType;
}

/** What the description says of an endpoint: all of it stands in the endpoint itself. */
export function operationOf(endpoint: Described): Operation {
  const { summary, schema, response, needsKey, deprecation, failure } = endpoint;
  return {
    summary,
    tag: 'concierge',
    request: schema,
    response: response.extend(common),
    errors: merged(
      inputErrors(endpoint),
      endpoint.errors ?? {},
      failure === undefined ? {} : { [failure.status]: [failure.code] },
    ),
    ...(needsKey === undefined ? {} : { needsKey }),
    ...(deprecation === undefined ? {} : { deprecation }),
  };
}

function inputErrors(endpoint: Described): ErrorCodes {
  const invalid = invalidCodes(endpoint);
  return endpoint.needsKey === true
    ? {
        400: [...invalid, 'IDEMPOTENCY_REQUIRED'],
        409: ['idempotency.conflict', 'idempotency.running'],
      }
    : { 400: invalid };
}

/** The code of each field, as requests get it; one for all where the endpoint has such a one. */
function invalidCodes({ schema, codes }: Described): readonly string[] {
  const named = Object.values(codes);
  if ('*' in codes || !(schema instanceof z.ZodObject)) return [...new Set(named)];
  const fields = Object.keys(schema.shape).filter((field) => field !== 'sessionId');
  return [...new Set([...named, ...fields.map((field) => codes[field] ?? `validation.${field}`)])];
}

/** The codes of all, by status. */
export function merged(...all: readonly ErrorCodes[]): ErrorCodes {
  const together: Record<number, readonly string[]> = {};
  for (const one of all) {
    for (const [status, codes] of Object.entries(one)) {
      const known = together[Number(status)] ?? [];
      together[Number(status)] = [...new Set([...known, ...codes])];
    }
  }
  return together;
}
