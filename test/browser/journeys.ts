import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import type { Shop } from './support/shop.ts';
import { choose, expectEvents, expectTold, fill, open, pickTwo, press } from './support/steps.ts';

/** A file of one byte more than may be sent, without its bytes having to be written. */
async function tooLarge(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-picture-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'large.png');
  await writeFile(path, '');
  await truncate(path, 10 * 1024 * 1024 + 1);
  return path;
}

/** The six journeys of the plan, through the real widget. */
export function journeys(shop: Shop): void {
  describe('the six journeys', () => {
    it('find product: a sentence, the pieces with their details, and an offer', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await expectAccessible(page);
      await choose(visit, 'Find a piece');
      await expectAccessible(page);
      await press(visit, 'Show me');
      await dialog.getByText('Here is what I found for you.').waitFor();
      await dialog.getByRole('heading', { name: 'Solaris Aura Ring' }).waitFor();
      await dialog.getByText('$3,850').waitFor();
      await dialog.getByRole('button', { name: 'View details: Solaris Aura Ring' }).click();
      await dialog.getByText('14k yellow gold').waitFor();
      await dialog.getByRole('region', { name: 'Hold these pieces for 48 hours' }).waitFor();
      // Nothing is picked yet: a capsule is explained, not offered.
      await dialog.getByText('Add at least two pieces to your shortlist').waitFor();
      expect(await dialog.getByRole('button', { name: 'Reserve my capsule' }).count()).toBe(0);
      await expectAccessible(page);
      await press(visit, 'Show more pieces');
      await dialog.getByRole('heading', { name: 'Low Tide Ring' }).waitFor();
      const shown = 'aurora_products_shown';
      await expectEvents(shop, visit, [shown, shown]);
      expect(visit.complaints).toEqual([]);
    });

    it('track order: by number or by who ordered it, with a timeline and a rating', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await choose(visit, 'Track an order');
      await dialog.getByLabel('E-mail and postal code').check();
      await fill(visit, 'email', 'test@example.com');
      await fill(visit, 'postalCode', '94102');
      await expectAccessible(page);
      await press(visit, 'Find my order');
      const order = dialog.getByRole('region', { name: 'Order GG-12002' });
      await order.waitFor();
      expect(await order.locator('[aria-current=step]').innerText()).toContain('On its way');
      expect(await order.getByText('1Z***').count()).toBe(1);
      await expectAccessible(page);
      await press(visit, 'Great');
      await dialog.getByText('Thank you for telling us.').waitFor();
      await press(visit, 'Tell me when it moves');
      await fill(visit, 'email', 'test@example.com');
      await press(visit, 'Keep me posted');
      await dialog.getByText('We need your consent').waitFor();
      await expectAccessible(page);
      await dialog.getByLabel('You may write to me about this order.').check();
      await press(visit, 'Keep me posted');
      await dialog.getByText('We will tell you when something moves.').waitFor();
      await expectEvents(shop, visit, [
        'aurora_order_tracked',
        'aurora_csat_submitted',
        'aurora_order_updates_subscribed',
      ]);
      expect(visit.complaints).toEqual([]);
    });

    it('returns: opened once, with a person at hand', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await choose(visit, 'Return, resize or repair');
      await fill(visit, 'orderNumber', 'GG-11982');
      await fill(visit, 'email', 'test@example.com');
      await expectAccessible(page);
      await press(visit, 'Start');
      await dialog.getByText('Your request is in.').waitFor();
      await dialog.getByText('Add or correct something').click();
      await dialog.getByRole('form', { name: 'Talk to a stylist' }).waitFor();
      // What the customer said before need not be said again.
      expect(await dialog.locator('[name=email]').inputValue()).toBe('test@example.com');
      await expectAccessible(page);
      await expectEvents(shop, visit, ['aurora_return_initiated']);
      expect(visit.complaints).toEqual([]);
    });

    it('capsule: two pieces on the shortlist are held', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await pickTwo(visit);
      await press(visit, 'Reserve my capsule');
      await fill(visit, 'email', 'jane@example.com');
      await press(visit, 'Reserve');
      await dialog.getByRole('region', { name: 'Your capsule is reserved' }).waitFor();
      await dialog.getByText(/^Yours until/).waitFor();
      // The card says it: the same sentence beside it would be one too many.
      expect(await dialog.getByText('We hold your pieces for 48 hours.').count()).toBe(1);
      await dialog.getByRole('button', { name: 'Shortlist (2)' }).click();
      await dialog.getByRole('region', { name: 'My shortlist' }).waitFor();
      await expectAccessible(page);
      await dialog
        .getByRole('button', { name: /^Remove/ })
        .first()
        .click();
      await dialog.getByRole('button', { name: 'Shortlist (1)' }).waitFor();
      const listed = 'aurora_product_shortlisted';
      await expectEvents(shop, visit, [
        'aurora_products_shown',
        listed,
        listed,
        'aurora_capsule_reserved',
      ]);
      expect(visit.complaints).toEqual([]);
    });

    it('stylist: hands over what was said, and the pieces', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await pickTwo(visit);
      await choose(visit, 'Talk to a stylist');
      await fill(visit, 'name', 'Jane');
      await fill(visit, 'email', 'jane@example.com');
      await fill(visit, 'notes', 'short');
      await press(visit, 'Send to a stylist');
      await dialog.getByText('Please tell us a little more').waitFor();
      await expectAccessible(page);
      await fill(visit, 'notes', 'A necklace for my sister, please.');
      await press(visit, 'Send to a stylist');
      await dialog.getByText('A stylist has your request').waitFor();
      const sessionId = await visit.session();
      const ticket = await shop.world.db.collection('stylistTickets').findOne({ sessionId });
      expect(ticket).toMatchObject({
        customerName: 'Jane',
        summary: 'A necklace for my sister, please.',
      });
      expect(ticket?.shortlist).toHaveLength(2);
      const lines = (ticket?.transcript as { content: string }[]).map(({ content }) => content);
      expect(lines).toContain('Show me necklaces');
      expect(visit.complaints).toEqual([]);
    });

    it('csat: an unhappy answer opens the way to a person', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await choose(visit, 'Rate this conversation');
      await expectAccessible(page);
      await press(visit, 'I need a follow-up');
      await dialog.getByText('We are sorry.').first().waitFor();
      await dialog.getByRole('form', { name: 'Talk to a stylist' }).waitFor();
      expect(await dialog.getByText('We are sorry.').count()).toBe(1);
      await expectAccessible(page);
      // Rated once: the bar shows it and takes no second answer.
      const again = dialog.getByRole('button', { name: 'Great', exact: true });
      await again.click({ force: true });
      const chosen = dialog.getByRole('button', { pressed: true });
      expect(await chosen.allInnerTexts()).toEqual(['I need a follow-up']);
      await expectEvents(shop, visit, ['aurora_csat_submitted']);
      expect(visit.complaints).toEqual([]);
    });
  });

  describe('beside them', () => {
    it('what only the widget knows reaches analytics, the last of it when the page goes', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      const sessionId = await visit.session();
      await open(visit);
      await choose(visit, 'Find a piece');
      await press(visit, 'Show me');
      await dialog.getByRole('button', { name: 'View details: Solaris Aura Ring' }).click();
      const told = [
        'aurora_widget_open',
        'aurora_intent_detected',
        'aurora_intent_complete',
        'aurora_product_view',
      ];
      await expectTold(shop, sessionId, told);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.goto('about:blank');
      await expectTold(shop, sessionId, [...told, 'aurora_widget_close']);
      expect(visit.complaints).toEqual([]);
    });

    it('a picture is announced, and a stylist hears of it; one that is too large is not', async () => {
      const visit = await shop.visit();
      const { dialog, page } = visit;
      await open(visit);
      await choose(visit, 'Share an inspiration');
      await press(visit, 'Share');
      await dialog.getByText('Please choose a picture.').waitFor();
      const picture = dialog.getByLabel('Your picture');
      const file = {
        name: 'ring.png',
        mimeType: 'image/png',
        buffer: Buffer.from('not many bytes'),
      };
      await picture.setInputFiles(await tooLarge());
      await press(visit, 'Share');
      await dialog.getByText('Pictures may have up to 10 MB.').waitFor();
      await picture.setInputFiles(file);
      await expectAccessible(page);
      await press(visit, 'Share');
      await dialog.getByText('We have noted your picture.').waitFor();
      await choose(visit, 'Talk to a stylist');
      await fill(visit, 'email', 'jane@example.com');
      await fill(visit, 'notes', 'Something like this, please.');
      await press(visit, 'Send to a stylist');
      await dialog.getByText('A stylist has your request').waitFor();
      await expectEvents(shop, visit, [
        'aurora_inspiration_uploaded',
        'aurora_stylist_ticket_created',
      ]);
      expect(visit.complaints).toEqual([]);
    });
  });
}
