import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startModel } from '../../../src/stack/model/start.ts';

let part: RunningPart;
let url = '';
beforeAll(async () => {
  part = await startModel({ port: 0, apiKeys: ['sk-staging', 'sk-production'] });
  url = part.endpoints.model ?? '';
});
afterAll(() => part.close());

const setFault = (body: object | string) =>
  fetch(`${url}/fault`, {
    method: 'PUT',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

function chat(message: string, key = 'sk-production', signal?: AbortSignal) {
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'deepseek-chat',
      messages: [
        { role: 'system', content: 'sort' },
        { role: 'user', content: JSON.stringify({ message }) },
      ],
    }),
    ...(signal === undefined ? {} : { signal }),
  });
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

describe("the stack's language model", () => {
  it('answers in the shape of a chat completion, on loopback alone', async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = (await (await chat('a surprise for my mother')).json()) as Completion;
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'deepseek-chat' });
    const content = answer.choices[0]?.message.content ?? '';
    expect(JSON.parse(content)).toMatchObject({ intent: 'find_product' });
  });
  it('takes the keys of its stack and no other', async () => {
    expect((await chat('hm', 'sk-staging')).status).toBe(200);
    expect((await chat('hm', 'sk-other')).status).toBe(401);
    expect((await fetch(`${url}/models`)).status).toBe(401);
  });
  it.each([
    [{ kind: 'quota', retryAfter: 7 }, 429, '7'],
    [{ kind: 'unpaid' }, 402, null],
    [{ kind: 'unauthorised' }, 401, null],
    [{ kind: 'broken' }, 500, null],
  ])('%j answers %d until it is cleared', async (fault, status, retryAfter) => {
    await setFault(fault);
    const answer = await chat('hm');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    await setFault({ kind: null });
    expect((await chat('hm')).status).toBe(200);
  });
  it('slow: does not wait for somebody who has gone', async () => {
    await setFault({ kind: 'slow', ms: 60_000 });
    await expect(chat('hm', 'sk-staging', AbortSignal.timeout(50))).rejects.toThrow();
    await setFault({ kind: null });
    expect((await chat('hm')).status).toBe(200);
  });
  it.each([
    'nonsense',
    '{"kind": "explodes"}',
  ])('refuses %s as a fault, and a question that is none', async (body) => {
    expect((await setFault(body)).status).toBe(400);
    const headers = { authorization: 'Bearer sk-staging' };
    const asked = { method: 'POST', headers, body };
    expect((await fetch(`${url}/chat/completions`, asked)).status).toBe(400);
    expect((await fetch(`${url}/elsewhere`, asked)).status).toBe(404);
  });
});
