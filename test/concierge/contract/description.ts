import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { type Answer, ask } from '../support/ask.ts';

/** The parts of the API's description that tests look at. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: object;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

interface DescribedAnswer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

type Content = { readonly 'application/json': { readonly schema: object } };

/** Holds answers against the description that the server itself gives. */
export interface Held {
  readonly description: Description;
  /** Fails when the description does not foresee this answer, headers and body. */
  hold(method: string, path: string, answer: Pick<Answer, 'status' | 'headers' | 'body'>): void;
  /** Posts like `ask`, and holds the answer. */
  ask(...asked: DropFirst<Parameters<typeof ask>>): Promise<Answer>;
}

type DropFirst<List extends readonly unknown[]> = List extends readonly [unknown, ...infer Rest]
  ? Rest
  : never;

/** Reads the description of a running concierge. */
export async function readDescription(url: string): Promise<Held> {
  const description = (await (await fetch(`${url}/api/openapi.json`)).json()) as Description;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ ...description, $id: 'api' });
  const hold: Held['hold'] = (method, path, { status, headers, body }) => {
    const operation = description.paths[path]?.[method.toLowerCase()];
    const foreseen = operation?.responses[status];
    expect(foreseen, `${method} ${path} answered ${status} ${String(body.code)}`).toBeDefined();
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status)]
      .concat('content', 'application/json', 'schema')
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = ajv.getSchema(`api#/${pointer}`);
    if (validate === undefined) throw new Error(`no schema at ${pointer}`);
    const message = `${method} ${path} ${status}: ${JSON.stringify(body)}`;
    expect(validate(body) ? [] : validate.errors, message).toEqual([]);
    for (const name of Object.keys(foreseen?.headers ?? {})) {
      expect(headers.get(name), `${name} of ${method} ${path} ${status}`).not.toBeNull();
    }
    // A replayed answer names the request that was answered first.
    if (headers.has('x-idempotency-replayed')) return;
    expect(body.requestId).toBe(headers.get('x-request-id'));
  };
  return {
    description,
    hold,
    ask: async (path, body, headers) => {
      const answer = await ask(url, path, body, headers);
      hold('POST', path, answer);
      return answer;
    },
  };
}
