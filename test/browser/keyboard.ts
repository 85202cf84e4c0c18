import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import type { Shop } from './support/shop.ts';
import { open } from './support/steps.ts';

/** Tabs until this has the focus; a keyboard that cannot reach it fails. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press(key);
    if (await hasFocus(target)) return;
  }
  throw new Error(`${key} never reached ${String(target)}`);
}

/** What of an element is looked at, in the page. */
interface Seen {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  getRootNode(): { readonly activeElement: unknown };
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((one: Seen) => one.getRootNode().activeElement === one);
}

/** How a customer without a mouse, with a reader, or with a small screen gets on. */
export function keyboard(shop: Shop): void {
  describe('without a mouse', () => {
    it('an order is found, and Escape brings the focus back to the button', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      const launch = page.getByRole('button', { name: 'Ask Aurora' });
      await tabTo(page, launch);
      await page.keyboard.press('Enter');
      await tabTo(page, dialog.getByRole('button', { name: 'Track an order' }));
      await page.keyboard.press('Enter');
      // The form begins where the focus is: at the way to find an order.
      await page.keyboard.press('ArrowDown');
      await tabTo(page, dialog.locator('[name=email]'));
      await page.keyboard.type('test@example.com');
      await tabTo(page, dialog.locator('[name=postalCode]'));
      await page.keyboard.type('94102');
      await page.keyboard.press('Enter');
      await dialog.getByRole('region', { name: 'Order GG-12002' }).waitFor();
      // What comes next is reached from the answer, not from the top.
      await tabTo(page, dialog.getByRole('button', { name: 'Great' }));
      await page.keyboard.press('Enter');
      await dialog.getByText('Thank you for telling us.').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await hasFocus(launch)).toBe(true);
      // Opened again, the conversation is where it was.
      await page.keyboard.press('Enter');
      await dialog.getByText('Thank you for telling us.').waitFor();
    });

    it('Tab goes round within the dialog, both ways', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      await open(visit);
      const first = dialog.getByRole('button', { name: 'Close' });
      const last = dialog.getByRole('button', { name: 'Send', exact: true });
      await tabTo(page, last);
      await page.keyboard.press('Tab');
      expect(await hasFocus(first)).toBe(true);
      await page.keyboard.press('Shift+Tab');
      expect(await hasFocus(last)).toBe(true);
    });
  });

  describe('for a reader', () => {
    it('the dialog has a name, the conversation is announced, complaints belong to fields', async () => {
      const visit = await shop.visit();
      const { page, dialog } = visit;
      await expectAccessible(page, 'body');
      await open(visit);
      expect(await page.getByRole('dialog', { name: 'Ask Aurora' }).count()).toBe(1);
      const log = dialog.getByRole('log', { name: 'Conversation' });
      expect(await log.getAttribute('aria-live')).toBe('polite');
      await dialog.getByRole('button', { name: 'Track an order' }).click();
      await dialog.getByRole('button', { name: 'Find my order' }).click();
      const field = dialog.getByRole('textbox', { name: 'Order number' });
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await hasFocus(field)).toBe(true);
      const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
      const texts = await Promise.all(ids.map((id) => dialog.locator(`#${id}`).innerText()));
      expect(texts).toContain('Please enter the order number.');
    });
  });

  describe('at 375 pixels', () => {
    it('the dialog is the screen, and nothing runs off its side', async () => {
      const visit = await shop.visit({ viewport: { width: 375, height: 667 }, hasTouch: true });
      const { page, dialog } = visit;
      await open(visit);
      expect(await dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 375, height: 667 });
      await dialog.getByRole('button', { name: 'Find a piece' }).tap();
      await dialog.getByRole('button', { name: 'Show me' }).tap();
      await dialog.getByRole('heading', { name: 'Solaris Aura Ring' }).waitFor();
      const log = dialog.getByRole('log');
      const over = await log.evaluate((one: Seen) => one.scrollWidth - one.clientWidth);
      expect(over).toBe(0);
      const page375 = 'document.documentElement.scrollWidth';
      expect(await page.evaluate<number>(page375)).toBeLessThanOrEqual(375);
      await expectAccessible(page);
    });
  });
}
