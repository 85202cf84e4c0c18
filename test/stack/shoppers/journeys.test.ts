import { describe, expect, it } from 'vitest';
import { pickJourney } from '../../../src/stack/shoppers/mix.ts';
import { paths } from '../../../src/stack/shoppers/questions.ts';
import { createRandom } from '../../../src/stack/shoppers/random.ts';
import type { Question, Shop } from '../../../src/stack/shoppers/shop.ts';
import { Visit } from '../../../src/stack/shoppers/visit.ts';
import { type Asked, goodAnswer } from './helpers.ts';

type Answer = (asked: Asked) => readonly [number, object];

/** Sends `count` customers to a shop that answers at once; returns all questions, session by session. */
async function shopping(count: number, answer: Answer = goodAnswer): Promise<Question[][]> {
  const sessions: Question[][] = [];
  for (let n = 0; n < count; n += 1) {
    const questions: Question[] = [];
    const shop: Shop = {
      ask: async (question) => {
        questions.push(question);
        const body = { ...question.body, sessionId: question.sessionId };
        const [status, given] = answer({ path: question.path, headers: {}, body });
        const { code } = given as { code?: string };
        const fair = question.fairRefusals?.includes(code ?? '') === true;
        const ok = status === 200;
        return { ok, unexpected: !ok && !fair, body: ok ? given : undefined };
      },
      close: async () => undefined,
    };
    const random = createRandom(7, n);
    await pickJourney(random)(new Visit(shop, n, random));
    sessions.push(questions);
  }
  return sessions;
}

const shareOf = (sessions: Question[][], path: string) =>
  sessions.filter((questions) => questions.some((one) => one.path === path)).length /
  sessions.length;
const ratingsOf = (sessions: Question[][]) =>
  sessions
    .flat()
    .filter((one) => one.path === paths.csat)
    .map((one) => (one.body as { rating: string }).rating);
const badShare = (ratings: string[]) =>
  ratings.filter((rating) => rating === 'needs_follow_up').length / ratings.length;

/** Answers as a good concierge, but for one path. */
const except =
  (path: string, answer: Answer): Answer =>
  (asked) =>
    asked.path === path ? answer(asked) : goodAnswer(asked);

describe('shoppers with nothing to complain about', () => {
  it('visit all nine endpoints, in sessions of one to three requests, in the planned mix', async () => {
    const sessions = await shopping(20_000);
    const visited = new Set(sessions.flat().map((question) => question.path));
    expect(visited).toEqual(new Set(Object.values(paths)));
    expect(Math.max(...sessions.map((questions) => questions.length))).toBe(3);
    expect(Math.min(...sessions.map((questions) => questions.length))).toBe(1);
    expect(shareOf(sessions, paths.products)).toBeCloseTo(0.58, 1);
    expect(shareOf(sessions, paths.orderStatus)).toBeCloseTo(0.2, 1);
    expect(shareOf(sessions, paths.csat)).toBeGreaterThan(0.18);
    expect(shareOf(sessions, paths.csat)).toBeLessThan(0.26);
  });

  it('reserve a capsule after three in ten product searches, and rate one time in ten badly', async () => {
    const sessions = await shopping(20_000);
    const conversion = shareOf(sessions, paths.capsule) / shareOf(sessions, paths.products);
    expect(conversion).toBeGreaterThan(0.28);
    expect(conversion).toBeLessThan(0.32);
    expect(badShare(ratingsOf(sessions))).toBeCloseTo(0.1, 1);
  });

  it('keep one session id in header and body, and a new key for each capsule', async () => {
    const sessions = await shopping(2_000);
    const ids = sessions.map((questions) => new Set(questions.map((one) => one.sessionId)));
    expect(ids.every((each) => each.size === 1)).toBe(true);
    expect(new Set(ids.flatMap((each) => [...each])).size).toBe(2_000);
    const keys = sessions.flat().flatMap((one) => one.idempotencyKey ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key.length >= 8 && key.length <= 64)).toBe(true);
  });

  it('do the same again from the same seed', async () => {
    const plan = (sessions: Question[][]) =>
      sessions.map((questions) => questions.map((one) => one.path));
    expect(plan(await shopping(500))).toEqual(plan(await shopping(500)));
  });

  it('take a refused second return for a fair answer', async () => {
    const refused = except(paths.returns, () => [409, { code: 'returns.duplicate' }]);
    expect(badShare(ratingsOf(await shopping(8_000, refused)))).toBeCloseTo(0.1, 1);
  });
});

describe('disappointed shoppers', () => {
  const wrongCategory = except(paths.products, (asked) =>
    goodAnswer({ ...asked, body: { ...asked.body, category: 'something else' } }),
  );

  it('rate badly when products are not what they asked for, and reserve nothing', async () => {
    const sessions = await shopping(8_000, wrongCategory);
    expect(badShare(ratingsOf(sessions))).toBeGreaterThan(0.5);
    expect(shareOf(sessions, paths.capsule)).toBe(0);
  });

  it('rate badly when there is nothing to see', async () => {
    const empty = except(paths.products, () => [200, { data: [], messages: [] }]);
    expect(badShare(ratingsOf(await shopping(8_000, empty)))).toBeGreaterThan(0.5);
  });

  it('rate badly after an error', async () => {
    const failing = except(paths.orderStatus, () => [500, { code: 'server.error' }]);
    const ratings = ratingsOf(await shopping(8_000, failing));
    expect(badShare(ratings)).toBeGreaterThan(0.35);
  });

  it('are not made by an offer without a button: nobody reserves, nobody complains', async () => {
    const silent = except(paths.products, (asked) => {
      const [status, body] = goodAnswer(asked);
      return [status, { ...body, messages: [{ type: 'offer_card', payload: {} }] }];
    });
    const sessions = await shopping(8_000, silent);
    expect(shareOf(sessions, paths.capsule)).toBe(0);
    expect(badShare(ratingsOf(sessions))).toBeCloseTo(0.1, 1);
  });
});
