import { describe, expect, it, vi } from 'vitest';
import type { Shop } from './support/shop.ts';
import { choose, fill, open, press } from './support/steps.ts';

/** Flags as customers meet them. */
export function hidden(shop: Shop): void {
  describe('the flags', () => {
    it('returns off: a person in place of the form, and an outage notice', async () => {
      shop.world.flags.set('AURORA_RETURNS_ENABLED', false);
      try {
        await vi.waitFor(
          async () => {
            const pointer = await (await fetch(`${shop.url}/widget.js`)).text();
            expect(pointer).toContain('auroraReturnsOutage');
          },
          { timeout: 5_000, interval: 100 },
        );
        const visit = await shop.visit();
        const { page, dialog } = visit;
        await page.evaluate(
          "document.told = []; document.addEventListener('aurora:event', (e) => document.told.push(e.detail))",
        );
        await open(visit);
        expect(await dialog.getByRole('button', { name: 'Return, resize' }).count()).toBe(0);
        await choose(visit, 'Ask about a return');
        await dialog.getByText('Returns cannot be started online right now.').waitFor();
        await dialog.getByRole('form', { name: 'A person will help with your return' }).waitFor();
        const told = await page.evaluate<{ event: string; sessionId: string }[]>('document.told');
        expect(told.map(({ event }) => event)).toEqual([
          'aurora_widget_open',
          'aurora_intent_detected',
          'aurora_outage_notice',
        ]);
        expect(told[0]?.sessionId).toBe(await visit.session());
      } finally {
        shop.world.flags.set('AURORA_RETURNS_ENABLED', true);
      }
    });

    it('timeline off: the status with a person, nothing to follow', async () => {
      shop.world.flags.set('AURORA_TIMELINE_ENABLED', false);
      try {
        const health = async () => (await fetch(`${shop.url}/api/health`)).json();
        // Read once a second: wait until an order comes without its timeline.
        await vi.waitFor(
          async () => {
            const asked = { sessionId: 'sess_wait_for_flag', orderNumber: 'GG-12002' };
            const response = await fetch(`${shop.url}/api/support/order-status`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(asked),
            });
            expect(await response.json()).toMatchObject({ timeline: [] });
          },
          { timeout: 5_000, interval: 200 },
        );
        expect(await health()).toMatchObject({ status: 'ok' });
        const visit = await shop.visit();
        const { dialog } = visit;
        await open(visit);
        await choose(visit, 'Track an order');
        await fill(visit, 'orderNumber', 'GG-12002');
        await press(visit, 'Find my order');
        await dialog.getByText('Order timelines are away for a moment.').first().waitFor();
        await dialog.getByRole('form', { name: 'Talk to a stylist' }).waitFor();
        expect(await dialog.getByRole('button', { name: 'Tell me when it moves' }).count()).toBe(0);
        expect(await dialog.getByText('Follow the parcel').count()).toBe(0);
      } finally {
        shop.world.flags.set('AURORA_TIMELINE_ENABLED', true);
      }
    });
  });

  describe('a widget that is switched off', () => {
    it('is not on the page, which says why', async () => {
      const { url: base } = await shop.start({ NEXT_PUBLIC_CONCIERGE_ENABLED: 'false' });
      const { page, complaints } = await shop.visit({ base });
      await page.getByText('NEXT_PUBLIC_CONCIERGE_ENABLED is false').waitFor();
      expect(await page.locator('aurora-concierge').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe('a session', () => {
    it('is the same on the next page, and no script can read its cookie', async () => {
      const visit = await shop.visit();
      const before = await visit.session();
      expect(before).toMatch(/^sess_/);
      await visit.page.reload();
      expect(await visit.session()).toBe(before);
      expect(await visit.page.evaluate<string>('document.cookie')).toBe('');
    });
  });
}
