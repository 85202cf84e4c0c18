import type { Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import type { Shop } from './support/shop.ts';
import { choose, fill, open, press } from './support/steps.ts';

const failed = { code: 'server.error', message: 'secret detail', requestId: 'req_of_the_test' };

const answer =
  (messages: readonly (object | null)[], more: object = {}) =>
  (route: Route) =>
    route.fulfill({ json: { requestId: 'req_1', messages, ...more } });

/** What customers see when something is not as it should be. */
export function trouble(shop: Shop): void {
  describe('when the API fails', () => {
    it('says so in plain words with the request id, and tries again with the same key', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      const keys: (string | undefined)[] = [];
      await page.route('**/api/support/returns', (route) => {
        keys.push(route.request().headers()['x-idempotency-key']);
        return keys.length === 1 ? route.fulfill({ status: 500, json: failed }) : route.continue();
      });
      await open(visit);
      await choose(visit, 'Return, resize or repair');
      // Delivered too long ago for a return, or made for one person: refused, whoever asks.
      await fill(visit, 'orderNumber', 'GG-12003');
      await fill(visit, 'email', 'test@example.com');
      await press(visit, 'Start');
      await dialog.getByText('Something went wrong on our side').waitFor();
      await dialog.getByText('Reference: req_of_the_test').waitFor();
      expect(await dialog.getByText('secret detail').count()).toBe(0);
      await expectAccessible(page);
      await press(visit, 'Start');
      await dialog.getByText('Pieces made for one person cannot be returned.').waitFor();
      // Answered: another attempt is another question.
      await press(visit, 'Start');
      await expect.poll(() => keys.length).toBe(3);
      expect(keys[1]).toBe(keys[0]);
      expect(keys[2]).not.toBe(keys[1]);
      expect(keys[0]).toMatch(/^idem-[0-9a-f]{32}$/);
    });

    it('offers to try again where there is no form, also when nothing answers', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      let asked = 0;
      await page.route('**/api/support/csat', (route) => {
        asked += 1;
        return asked === 1 ? route.abort() : route.continue();
      });
      await open(visit);
      await choose(visit, 'Rate this conversation');
      await press(visit, 'Great');
      await dialog.getByText('We cannot be reached.').waitFor();
      await expectAccessible(page);
      await press(visit, 'Try again');
      await dialog.getByText('Thank you for telling us.').waitFor();
      expect(await dialog.getByText('We cannot be reached.').count()).toBe(0);
    });

    it('takes a piece off the shortlist again when it could not be saved', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      await page.route('**/api/support/shortlist', (route) =>
        route.fulfill({ status: 500, json: failed }),
      );
      await open(visit);
      await choose(visit, 'Find a piece');
      await press(visit, 'Show me');
      await dialog
        .getByRole('button', { name: /^Add to shortlist/ })
        .first()
        .click();
      await dialog.getByText('Reference: req_of_the_test').waitFor();
      expect(await dialog.getByRole('button', { name: /^Shortlist \(/ }).count()).toBe(0);
    });
  });

  describe('what the API says', () => {
    it('is text and never markup, links go to https only, unknown types are left out', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      const notes: string[] = [];
      page.on('console', (message) => notes.push(message.text()));
      const hostile = '<img src=x onerror="document.title=1">';
      const order = {
        orderNumber: hostile,
        timeline: [{ label: hostile, status: 'shipped', timestamp: 'never', isCurrent: true }],
        shipping: { trackingUrl: 'javascript:document.title=2', carrier: hostile },
      };
      const messages = [
        { type: 'order_status', payload: order },
        { type: 'hologram', payload: {} },
        {
          type: 'product_card',
          payload: { cards: [{ name: 'no id' }, null], seeMoreUrl: 'data:x' },
        },
        { type: 'offer_card', payload: { headline: hostile, cta: { label: 'x', intent: 'rm' } } },
        { type: 'assistant_text', payload: { text: { not: 'a text' } } },
        null,
      ];
      await page.route('**/api/support/order-status', answer(messages));
      await open(visit);
      await choose(visit, 'Track an order');
      await fill(visit, 'orderNumber', 'GG-12002');
      await press(visit, 'Find my order');
      await dialog.getByRole('heading', { name: hostile }).first().waitFor();
      expect(await dialog.locator('img').count()).toBe(0);
      expect(await dialog.locator('a').count()).toBe(0);
      expect(await dialog.getByRole('button', { name: 'x', exact: true }).count()).toBe(0);
      expect(await page.title()).toBe('GlowGlitch - fine jewellery');
      expect(notes).toContain('concierge: no view for hologram');
      expect(visit.complaints).toEqual([]);
    });
  });

  describe('free text', () => {
    it('falls back to the menu while nobody understands it, and asks only once', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      let asked = 0;
      await page.route('**/api/support/messages', (route) => {
        asked += 1;
        return route.fulfill({ status: 404, json: { code: 'route.not_found', message: '' } });
      });
      await open(visit);
      for (const text of ['where is my ring', 'hello?']) {
        await dialog.getByRole('textbox', { name: 'Your message' }).fill(text);
        await page.keyboard.press('Enter');
        await dialog.getByText(text, { exact: true }).waitFor();
        await dialog.getByText('I did not quite follow').last().waitFor();
      }
      await dialog.getByRole('button', { name: 'Track an order' }).waitFor();
      expect(asked).toBe(1);
    });

    it('is answered with pieces, with an order, or with the form that is left to fill in', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      const write = async (text: string) => {
        await dialog.getByRole('textbox', { name: 'Your message' }).fill(text);
        await press(visit, 'Send');
      };
      await write('rings in yellow gold, please');
      await dialog.getByRole('heading', { name: 'Solaris Aura Ring' }).waitFor();
      await write('where is GG-12002?');
      await dialog.getByRole('region', { name: 'Order GG-12002' }).waitFor();
      await write('text me when GG-12001 ships');
      const form = dialog.getByRole('form', { name: 'Get news of an order' });
      await form.waitFor();
      expect(await form.getByLabel('Order number').inputValue()).toBe('GG-12001');
      await expectAccessible(page);
      await write('let me talk to a human');
      await dialog.getByRole('form', { name: 'Talk to a stylist' }).waitFor();
      expect(visit.complaints).toEqual([]);
    });

    it('goes on with the intent that was understood', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      const said = { type: 'assistant_text', payload: { text: 'Let me look.' } };
      const understood = answer([said], { intent: 'track_order', via: 'rules' });
      await page.route('**/api/support/messages', understood);
      await open(visit);
      await dialog.getByRole('textbox', { name: 'Your message' }).fill('where is my ring');
      await press(visit, 'Send');
      await dialog.getByText('Let me look.').waitFor();
      await dialog.getByRole('form', { name: 'Track an order' }).waitFor();
    });
  });
}
