import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../src/concierge/analytics/catalogue.ts';
import { seedDocuments } from '../../../src/stack/seed/seed.ts';

const directory = fileURLToPath(new URL('../../../fixtures/data', import.meta.url));
const now = Date.UTC(2026, 5, 15, 12);
const day = 86_400_000;

/** What no two documents of a collection may share. */
const keys = {
  csatFeedback: 'sessionId',
  stylistTickets: 'ticketId',
  widgetShortlists: 'sessionId',
  capsuleHolds: 'capsuleId',
  widgetOrderSubscriptions: 'sessionId',
};

describe('seed data', () => {
  it('is the same for the same moment', async () => {
    expect(await seedDocuments(directory, now)).toEqual(await seedDocuments(directory, now));
  });
  it('holds the orders that people and shoppers ask for, and lets some be returned', async () => {
    const { widget } = await seedDocuments(directory, now);
    const orders = new Map(widget.orders?.map((order) => [order.orderNumber, order]));
    expect(orders.size).toBe(505);
    expect(orders.has('AUR-100045')).toBe(true);
    expect(orders.get('GG-12001')).toMatchObject({
      status: 'processing',
      customerEmail: 'test@example.com',
      shipping: { postalCode: '90001' },
    });
    expect(orders.get('GG-12002')).toMatchObject({ status: 'shipped' });
    expect(orders.get('GG-12003')?.items).toEqual([expect.objectContaining({ custom: true })]);
    expect(orders.get('GG-20499')).toMatchObject({
      customerEmail: 'shopper499@example.com',
      shipping: { postalCode: '90001' },
    });
    for (const number of ['GG-11982', 'GG-20000']) {
      const { deliveredAt } = { ...(orders.get(number)?.shipping as { deliveredAt?: Date }) };
      const age = now - Number(deliveredAt);
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(30 * day);
    }
  });
  it('covers every category and metal with products', async () => {
    const { widget } = await seedDocuments(directory, now);
    const products = widget.products ?? [];
    expect(products.length).toBeGreaterThanOrEqual(24);
    expect(new Set(products.map(({ category }) => category)).size).toBe(4);
    const metals = products.map(
      ({ metadata }) => (metadata as { primaryMetal: string }).primaryMetal,
    );
    expect(new Set(metals).size).toBe(4);
    const ids = products.map(({ productId }) => productId);
    expect(ids).toEqual(expect.arrayContaining(['prod_aurora_ring', 'prod_constellation']));
  });
  it('tells of a week with 30 % conversion and 10 % unhappy customers', async () => {
    const { events } = await seedDocuments(directory, now);
    const week = events.filter(
      ({ timestamp, environment }) =>
        environment === 'prod' && Number(timestamp) > now - 7 * day && Number(timestamp) <= now,
    );
    const of = (name: string) => week.filter(({ event }) => event === name);
    expect(of('aurora_products_shown')).toHaveLength(3_000);
    expect(of('aurora_capsule_reserved')).toHaveLength(900);
    const ratings = of('aurora_csat_submitted');
    expect(ratings).toHaveLength(600);
    expect(ratings.filter(({ rating }) => rating === 'needs_follow_up')).toHaveLength(60);
    expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(events.length);
  });
  it('lets a capsule follow its own session’s products', async () => {
    const { events } = await seedDocuments(directory, now);
    const shown = new Map(
      events
        .filter(({ event }) => event === 'aurora_products_shown')
        .map(({ sessionId, timestamp }) => [sessionId, Number(timestamp)]),
    );
    for (const { event, sessionId, timestamp } of events) {
      if (event !== 'aurora_capsule_reserved') continue;
      expect(shown.get(sessionId)).toBeLessThan(Number(timestamp));
    }
  });
  it('tells of a quarter, of production and a little of staging, in events of the catalogue', async () => {
    const { events } = await seedDocuments(directory, now);
    const times = events.map(({ timestamp }) => Number(timestamp));
    expect(Math.min(...times)).toBeGreaterThan(now - 90 * day);
    expect(Math.min(...times)).toBeLessThan(now - 80 * day);
    expect(Math.max(...times)).toBeLessThanOrEqual(now);
    for (const event of events) expect(problemOf({ event: '', ...event })).toBeNull();
    const staging = events.filter(({ environment }) => environment === 'staging').length;
    expect(staging).toBeGreaterThan(100);
    expect(staging).toBeLessThan(events.length / 20);
    expect(events.length).toBeLessThan(12_000);
  });
  it('leaves in the collections what its events tell of', async () => {
    const { events, widget } = await seedDocuments(directory, now);
    const told = (name: string) =>
      events.filter(({ event, environment }) => event === name && environment === 'prod').length;
    expect(widget.csatFeedback).toHaveLength(told('aurora_csat_submitted'));
    expect(widget.stylistTickets).toHaveLength(told('aurora_stylist_ticket_created'));
    const open = widget.stylistTickets?.filter(({ status }) => status === 'open') ?? [];
    expect(open).toHaveLength(2);
    const capsules = widget.capsuleHolds ?? [];
    expect(capsules.length).toBeGreaterThan(100);
    expect(capsules.every(({ expiresAt }) => Number(expiresAt) > now)).toBe(true);
    for (const [collection, key] of Object.entries(keys)) {
      const values = widget[collection]?.map((document) => document[key]);
      expect(new Set(values).size, collection).toBe(values?.length);
    }
  });
  it('names the file that is missing or malformed', async () => {
    const own = await mkdtemp(join(tmpdir(), 'aurora-seed-'));
    try {
      await writeFile(join(own, 'products.json'), '[{"productId": "x"}]');
      await expect(seedDocuments(own, now)).rejects.toMatchObject({
        code: 'STACK_START_FAILED',
        where: join(own, 'products.json'),
      });
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  });
});
