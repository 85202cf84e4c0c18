import { z } from 'zod';
import type { ErrorCodes, Operation } from '../http/operation.ts';
import { type Described, operationOf } from '../openapi/endpoint-operation.ts';
import type { Dialect } from './proxy.ts';

interface DescribedProxy {
  readonly endpoint: Described;
  readonly failsAs: string;
  readonly dialect?: Dialect;
}

/** What the description says of a route of the runbook's. `query` when it is asked with GET. */
export function proxyOperation(proxy: DescribedProxy, query?: z.ZodType): Operation {
  const { endpoint, dialect, failsAs } = proxy;
  const operation = operationOf(endpoint);
  const body = dialect === undefined ? endpoint.schema : z.union([dialect.schema, endpoint.schema]);
  return {
    ...operation,
    tag: 'support',
    request: query ?? body,
    errors: { ...refusals(operation.errors), 502: [failsAs] },
  };
}

/** The endpoint's refusals; what is wrong with the input has one code here. */
function refusals(errors: ErrorCodes): ErrorCodes {
  const kept: Record<number, readonly string[]> = {};
  for (const [status, codes] of Object.entries(errors)) {
    if (Number(status) >= 500) continue;
    const own = codes.filter((code) => !code.startsWith('validation.'));
    kept[Number(status)] = status === '400' ? ['INVALID_REQUEST', ...own] : own;
  }
  return kept;
}
