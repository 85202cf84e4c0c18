import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RunningPart } from '../child.ts';
import { listen } from '../listen.ts';
import { type ChatAnswer, complete, faultAnswer, models, refusal } from './chat.ts';
import { faultBody, type ModelFault, noFault } from './faults.ts';
import type { ModelOptions } from './options.ts';

const largestBody = 256 * 1024;

/**
 * Starts what stands in for a language model's API: `POST /chat/completions` and `GET /models` behind a
 * bearer key; beside them, for rehearsals, `PUT /fault` and `GET /asked` (how many questions came, the
 * last one, and the fault in force).
 */
export async function startModel(options: ModelOptions): Promise<RunningPart> {
  const api = new ModelApi(options.apiKeys);
  const server = createServer((request, response) => {
    void api.serve(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port);
  return {
    endpoints: { model: `http://127.0.0.1:${port}` },
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

class ModelApi {
  readonly #keys: ReadonlySet<string>;
  #fault: ModelFault = noFault;
  #questions = 0;
  #last: string | null = null;

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys.map((key) => `Bearer ${key}`));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const { method, url } = request;
    if (method === 'PUT' && url === '/fault') return send(response, this.#setFault(text));
    if (method === 'GET' && url === '/asked') return send(response, this.#asked());
    const isChat = method === 'POST' && url === '/chat/completions';
    const isList = method === 'GET' && url === '/models';
    if (!isChat && !isList)
      return send(response, refusal(404, 'Not found', 'invalid_request_error'));
    if (isChat) {
      this.#questions += 1;
      this.#last = text;
    }
    if (this.#fault.kind === 'slow') await delayUnlessClosed(this.#fault.ms, response);
    send(response, this.#answer(isChat, text, request.headers.authorization));
  }

  #answer(isChat: boolean, text: string, authorization: string | undefined): ChatAnswer {
    if (!this.#keys.has(authorization ?? '')) {
      return refusal(401, 'Authentication Fails', 'authentication_error');
    }
    const broken = faultAnswer(this.#fault);
    if (broken !== undefined) return broken;
    return isChat ? complete(text, this.#fault) : models();
  }

  #setFault(text: string): ChatAnswer {
    try {
      this.#fault = faultBody.parse(JSON.parse(text));
      return { status: 204, body: '' };
    } catch {
      return refusal(400, 'Not a fault of this model', 'invalid_request_error');
    }
  }

  #asked(): ChatAnswer {
    const body = { questions: this.#questions, last: this.#last, fault: this.#fault.kind };
    return { status: 200, body: JSON.stringify(body) };
  }
}

/** Waits, but not for somebody who has gone. */
function delayUnlessClosed(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    response.once('close', done);
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, headers = {}, body }: ChatAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
