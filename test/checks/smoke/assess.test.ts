import { describe, expect, it } from 'vitest';
import { assessInteraction } from '../../../src/checks/smoke/assess.ts';
import type { SmokeAnswer } from '../../../src/checks/smoke/converse.ts';
import { readSmokeList, smokeList } from '../../../src/checks/smoke/list.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';

const { interactions } = await readSmokeList(shippedChecklists());
const place = { environment: 'staging', target: 'environment' } as const;

function interaction(id: string) {
  const found = interactions.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

const answer = (
  types: readonly string[] | null,
  changes: Partial<SmokeAnswer> = {},
): SmokeAnswer => ({
  path: '/x',
  status: 200,
  requestId: 'req_1',
  build: null,
  types,
  code: null,
  fields: {},
  ...changes,
});

function assess(id: string, answers: readonly SmokeAnswer[], eventFound: boolean | null = null) {
  return assessInteraction(interaction(id), place, { answers, eventFound });
}

describe('a smoke interaction', () => {
  it('needs the messages as a subset, in any order where the plan writes none', () => {
    expect(
      assess('returns', [answer(['escalation_form', 'csat_bar', 'assistant_text'])]).status,
    ).toBe('pass');
  });

  it('needs the order where the plan writes an arrow', () => {
    expect(assess('stylist', [answer(['escalation_form', 'assistant_text'])]).status).toBe('pass');
    expect(assess('stylist', [answer(['assistant_text', 'escalation_form'])])).toMatchObject({
      status: 'fail',
      expected: 'escalation_form -> assistant_text',
      observed: 'assistant_text, escalation_form; missing, or not in this order: assistant_text',
    });
  });

  it('needs the event after the rating', () => {
    expect(assess('csat', [answer(['csat_bar'])], true).status).toBe('pass');
    expect(assess('csat', [answer(['csat_bar'])], false)).toMatchObject({
      status: 'fail',
      observed: 'csat_bar; no event aurora_csat_submitted in time',
    });
  });

  it('needs a request id to put into the ticket', () => {
    const result = assess('find-product', [
      answer(['assistant_text', 'product_card', 'offer_card'], { requestId: null }),
    ]);
    expect(result).toMatchObject({ status: 'fail', observed: '/x answered without x-request-id' });
  });

  it('never passes without an answer or without messages', () => {
    expect(assess('find-product', []).status).toBe('fail');
    expect(assess('find-product', [answer(null)]).status).toBe('fail');
    expect(assess('find-product', [answer([])]).status).toBe('fail');
  });
});

describe('the smoke checklist', () => {
  const one = {
    id: 'x',
    title: 'X',
    requests: [{ path: '/x', body: { s: '{sessionId}' } }],
    messages: ['assistant_text'],
  };
  const reasons = (interactions: readonly object[]) =>
    smokeList
      .safeParse({ eventWithin: '5 s', interactions })
      .error?.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);

  it('accepts a placeholder that an earlier request keeps', () => {
    const requests = [
      { path: '/a', body: {}, keep: ['shortlistId'] },
      { path: '/b', body: { list: ['{shortlistId}'] } },
    ];
    expect(reasons([{ ...one, requests }])).toBeUndefined();
  });

  it('refuses a placeholder that nothing fills', () => {
    const requests = [{ path: '/b', body: { a: { b: '{shortlistId}' } } }];
    expect(reasons([{ ...one, requests }])).toEqual([
      'interactions/0/requests/0/body: nothing gives {shortlistId} a value',
    ]);
  });

  it('refuses an id that comes twice, and an empty list', () => {
    expect(reasons([one, one])).toEqual(['interactions/1/id: the id x comes twice']);
    expect(reasons([])?.[0]).toContain('interactions');
  });
});
