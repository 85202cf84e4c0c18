import fc from 'fast-check';
import type { Collection } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { readChecklist } from '../../../src/checks/checklist.ts';
import { kpiSample } from '../../../src/checks/post-deploy/kpi-sample.ts';
import { postDeploySchema } from '../../../src/checks/post-deploy/list.ts';
import { fillPipeline, type PipelineValues } from '../../../src/checks/post-deploy/pipeline.ts';
import { answerOf, shapesOf, shareOf } from '../../../src/checks/post-deploy/rows.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import type { DatabaseService, PipelineStage } from '../../../src/services/database/database.ts';
import { openMongodb } from '../../../src/services/database/mongodb.ts';
import { useDatabase } from '../../stack/mongo/harness.ts';
import { type PlainEvent, PlansTable, type Shown } from './plans-table.ts';

const mongo = useDatabase();
const list = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);
const never = new AbortController().signal;

const shownSql =
  "SELECT COUNT(*) FROM aurora.events WHERE event='aurora_products_shown' AND timestamp>DEPLOY";
const csatSql =
  "SELECT AVG(rating='needs_follow_up') FROM aurora.events WHERE event='aurora_csat_submitted' AND timestamp>DEPLOY";

const deploy = Date.UTC(2025, 9, 10, 12);
const now = deploy + 1_800_000;
const ours = { environment: 'prod', build: 'c'.repeat(64) };

let table: PlansTable;
let database: DatabaseService;
let events: Collection;
beforeAll(async () => {
  table = await PlansTable.open();
  const place = { database: mongo.db.databaseName, collection: 'events' };
  database = openMongodb({
    uri: new Secret(mongo.uri, 'env:TEST_URI'),
    databases: { staging: place.database, production: place.database },
    events: place,
  });
  events = mongo.db.collection('events');
});
afterAll(async () => {
  table.close();
  await database.close();
});
beforeEach(() => events.deleteMany({}));

async function write(all: readonly PlainEvent[], shown: Shown): Promise<void> {
  table.fill(all, deploy, now, shown);
  await events.deleteMany({});
  const documents = all.map(({ at, rating, ...rest }) => ({
    ...rest,
    timestamp: new Date(at),
    ...(rating === undefined ? {} : { rating }),
  }));
  if (documents.length > 0) await events.insertMany(documents);
}

function ask(pipeline: readonly PipelineStage[], build: string | null = ours.build) {
  const values: PipelineValues = {
    deploy: new Date(deploy),
    now: new Date(now),
    environment: ours.environment,
    build,
  };
  return database.aggregateEvents(fillPipeline(pipeline, values), never);
}

/** The pipelines of the list, as the plan's SQL answers: a count, and an average or null. */
async function pipelinesAnswer() {
  const [shown] = list.events;
  const share = shareOf(await ask(list.negativeCsat.pipeline));
  return {
    shown: answerOf(await ask(shown?.pipeline ?? [])),
    csat: share.n === 0 ? null : share.bad / share.n,
  };
}

const sqlAnswers = () => ({ shown: table.value(shownSql), csat: table.value(csatSql) });

/** Moments at and around the edges of the window, and anywhere in it. */
const moment = fc.oneof(
  fc.constantFrom(deploy - 86_400_000, deploy - 1, deploy, deploy + 1, now - 1, now, now + 1),
  fc.integer({ min: deploy, max: now }),
);

const anyEvent: fc.Arbitrary<PlainEvent> = fc.record({
  event: fc.constantFrom(
    'aurora_products_shown',
    'aurora_capsule_reserved',
    'aurora_csat_submitted',
    'aurora_widget_open',
  ),
  at: moment,
  sessionId: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
  environment: fc.constantFrom('prod', 'prod', 'prod', 'staging', 'dev'),
  build: fc.constantFrom(ours.build, ours.build, ours.build, '5'.repeat(64), ''),
  rating: fc.constantFrom('great', 'needs_follow_up', 'needs_follow_up', '', null, undefined),
});
const anyEvents = fc.array(anyEvent, { maxLength: 60 });
const runs = { numRuns: 120, seed: 20_251_010 };

describe("the plan's SQL and the pipelines that run", () => {
  it('are the same two queries as in the list', () => {
    expect(list.events[0]?.query).toBe(shownSql);
    expect(list.negativeCsat.query).toBe(csatSql);
  });

  it("agree on any events, where the table holds the candidate's production only", async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (all) => {
        await write(all, ours);
        expect(await pipelinesAnswer()).toEqual(sqlAnswers());
      }),
      runs,
    );
  });

  it('agree on the whole table, where only the candidate writes into it', async () => {
    const alone = anyEvents.map((all) => all.map((one) => ({ ...one, ...ours })));
    await fc.assert(
      fc.asyncProperty(alone, async (all) => {
        await write(all, 'all');
        expect(await pipelinesAnswer()).toEqual(sqlAnswers());
      }),
      { ...runs, numRuns: 40 },
    );
  });

  const csat = { ...ours, event: 'aurora_csat_submitted', sessionId: 's1', at: deploy + 1 };
  const shown = { ...ours, event: 'aurora_products_shown', sessionId: 's1', at: deploy + 1 };

  it('leave out what happened at DEPLOY itself, and nothing after it', async () => {
    await write([{ ...shown, at: deploy }, shown, { ...shown, at: now }], ours);
    expect(sqlAnswers()).toEqual({ shown: 2, csat: null });
    expect(await pipelinesAnswer()).toEqual({ shown: 2, csat: null });
  });

  it('leave answers without a rating out of the average, and count odd ones', async () => {
    const ratings = ['great', 'needs_follow_up', 'odd', '', null, undefined];
    await write(
      ratings.map((rating) => ({ ...csat, rating })),
      ours,
    );
    expect(sqlAnswers().csat).toBe(0.25);
    expect((await pipelinesAnswer()).csat).toBe(0.25);
  });

  it('differ, and have to, where other builds and environments write into the table', async () => {
    await write([shown, { ...shown, environment: 'staging' }, { ...shown, build: 'b' }], 'all');
    expect(sqlAnswers().shown).toBe(3);
    expect((await pipelinesAnswer()).shown).toBe(1);
  });
});

describe('the pipelines of the KPIs', () => {
  const { capsuleConversion, negativeCsat } = list.kpis;
  const bySession = (hit: string, chance: string) => `
    SELECT n, hits, COUNT(*) FROM (
      SELECT sessionId, SUM(${chance}) AS n, SUM(${hit}) AS hits FROM aurora.events
      WHERE timestamp > DEPLOY AND ((${hit}) OR (${chance})) GROUP BY sessionId
    ) GROUP BY n, hits ORDER BY n, hits`;
  const conversionSql = bySession(
    "event='aurora_capsule_reserved'",
    "event='aurora_products_shown'",
  );

  const shapesText = (rows: readonly (readonly unknown[])[]) => rows.map(String).sort();
  const shapesNow = async (build: string | null = ours.build) =>
    shapesOf(await ask(capsuleConversion.pipeline, build)).map(({ n, hits, sessions }) => [
      n,
      hits,
      sessions,
    ]);

  it('count sessions as a query in SQL does', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (all) => {
        await write(all, ours);
        expect(shapesText(await shapesNow())).toEqual(shapesText(table.rows(conversionSql)));
      }),
      { ...runs, numRuns: 60 },
    );
  });

  it("give the share of the plan's own query", async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (all) => {
        await write(all, ours);
        const { hits, n } = kpiSample(shapesOf(await ask(negativeCsat.pipeline)));
        expect(n === 0 ? null : hits / n).toEqual(table.value(csatSql));
      }),
      { ...runs, numRuns: 60 },
    );
  });

  it('count every build for a baseline', async () => {
    const shown = { event: 'aurora_products_shown', at: deploy + 1, environment: 'prod' };
    await write(
      ['one', 'two', ours.build].map((build, n) => ({ ...shown, build, sessionId: `s${n}` })),
      'all',
    );
    expect(await shapesNow(null)).toEqual([[1, 0, 3]]);
    expect(await shapesNow()).toEqual([[1, 0, 1]]);
  });
});
