import { afterEach, describe, expect, it } from 'vitest';
import { answersBuild, assessBuilds } from '../../src/checks/answers-build.ts';
import { candidate, contextWith, environmentWith, stable } from './support/context.ts';
import { type Loopback, loopback, type Received, type Reply } from './support/loopback.ts';

const open: Loopback[] = [];
const foreign = 'f'.repeat(64);

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const params = (given: object) =>
  answersBuild.params.parse({ environment: 'production', ...given });
const assess = (
  given: object,
  byBuild: Record<string, number>,
  refused: Record<string, number> = {},
  before: string | null = stable,
) => assessBuilds(params(given), { candidate, stable: before }, { byBuild, refused }).status;

describe('who answers', () => {
  it('is the candidate for every session at 100 %', () => {
    expect(assess({ percent: 100 }, { [candidate]: 200 })).toBe('pass');
    expect(assess({ percent: 100 }, { [candidate]: 199, [stable]: 1 })).toBe('fail');
    expect(assess({ percent: 100 }, { [candidate]: 199 }, { 502: 1 })).toBe('fail');
    expect(assess({ percent: 100 }, {})).toBe('fail');
  });

  it('is everybody that the release has reached, where a stage is passed again', () => {
    const all = { byBuild: { [candidate]: 200 }, refused: {} };
    const facts = { candidate, stable, stage: 25, percent: 100 };
    expect(assessBuilds(params({ percent: 25 }), facts, all)).toMatchObject({
      id: 'answers-build/production/25',
      status: 'pass',
    });
    expect(assessBuilds(params({ percent: 25 }), { ...facts, percent: 50 }, all).status).toBe(
      'fail',
    );
  });

  it('is both builds and nobody else below 100 %', () => {
    expect(assess({ percent: 5 }, { [candidate]: 1, [stable]: 19 })).toBe('pass');
    expect(assess({ percent: 5 }, { [stable]: 200 })).toBe('fail');
    expect(assess({ percent: 5 }, { [candidate]: 200 })).toBe('fail');
    expect(assess({ percent: 5 }, { [candidate]: 1, [stable]: 18, [foreign]: 1 })).toBe('fail');
    expect(assess({ percent: 5 }, { [candidate]: 1, [stable]: 18 }, { 500: 1 })).toBe('fail');
  });

  it('may be nobody for the others at a first launch', () => {
    expect(assess({ percent: 5 }, { [candidate]: 3 }, { 502: 17 }, null)).toBe('pass');
    expect(assess({ percent: 5 }, { [candidate]: 3, [foreign]: 17 }, {}, null)).toBe('fail');
  });
});

async function ask(given: object, answer: (request: Received, count: number) => Reply | null) {
  let count = 0;
  const server = await loopback((request) => {
    count += 1;
    return answer(request, count);
  });
  open.push(server);
  const context = contextWith({
    environments: {
      staging: environmentWith('staging', {}),
      production: environmentWith('production', {}, server.url),
    },
  });
  return { server, results: await answersBuild.run(params(given), context) };
}

const by = (build: string): Reply => ({ headers: { 'x-aurora-build': build } });

describe('asking from outside', () => {
  it('stops as soon as it has seen both builds', async () => {
    const { server, results } = await ask({ percent: 5 }, (_, count) =>
      by(count % 20 === 0 ? candidate : stable),
    );
    expect(results).toMatchObject([{ id: 'answers-build/production/5', status: 'pass', n: 20 }]);
    expect(server.received).toHaveLength(20);
    const sessions = server.received.map(({ headers }) => headers['x-session-id']);
    expect(new Set(sessions).size).toBe(20);
  });

  it('asks again until the routers have noticed', async () => {
    const given = { percent: 100, sessions: 10 };
    const { results } = await ask(given, (_, count) => by(count > 10 ? candidate : stable));
    expect(results).toMatchObject([{ status: 'pass', observed: '10 by cccccccccccc', n: 10 }]);
  });

  it('fails when the time is up, and says who answered', async () => {
    const given = { percent: 100, sessions: 10, within: '10 ms' };
    const { results } = await ask(given, (_, count) => by(count % 10 === 1 ? stable : candidate));
    expect(results[0]).toMatchObject({ status: 'fail' });
    expect(results[0]?.observed).toContain('1 by 555555555555');
  });

  it('asks again after a round without an answer', async () => {
    const given = { percent: 100, sessions: 5 };
    const { results } = await ask(given, (_, count) => (count === 2 ? null : by(candidate)));
    expect(results).toMatchObject([{ status: 'pass', n: 5 }]);
  });

  it('is an error when nobody answers', async () => {
    const { results } = await ask({ percent: 100, sessions: 3, within: '10 ms' }, () => null);
    expect(results).toMatchObject([{ status: 'error' }]);
  });
});
