import { expect, vi } from 'vitest';
import type { Shop, Visit } from './shop.ts';

/** Opens the widget of a visit. */
export async function open({ page, dialog }: Visit): Promise<void> {
  await page.getByRole('button', { name: 'Ask Aurora' }).click();
  await dialog.getByText('Good to see you').waitFor();
}

/** Chooses something from the menu, wherever the conversation is. */
export async function choose({ dialog }: Visit, label: string): Promise<void> {
  const choice = dialog.getByRole('button', { name: label, exact: true });
  if (!(await choice.isVisible())) {
    await dialog.getByRole('button', { name: 'Menu', exact: true }).click();
  }
  await choice.click();
}

/** Fills a field of the form that is open. */
export async function fill({ dialog }: Visit, name: string, value: string): Promise<void> {
  await dialog.locator(`[name=${name}]`).last().fill(value);
}

export async function press({ dialog }: Visit, label: string): Promise<void> {
  await dialog.getByRole('button', { name: label, exact: true }).last().click();
}

/** Finds necklaces, and puts the first two on the shortlist. */
export async function pickTwo(visit: Visit): Promise<void> {
  const { dialog } = visit;
  await choose(visit, 'Find a piece');
  await dialog.getByLabel('Necklaces').check();
  await press(visit, 'Show me');
  const adds = dialog.getByRole('button', { name: /^Add to shortlist/ });
  await adds.first().click();
  await dialog.getByRole('button', { name: 'Shortlist (1)' }).waitFor();
  await dialog.locator('[aria-pressed=false]', { hasText: 'Add to shortlist' }).first().click();
  await dialog.getByRole('button', { name: 'Shortlist (2)' }).waitFor();
}

/** What the widget tells of itself; of intents only those that no text was asked for. */
const ofTheWidget = new Set([
  'aurora_widget_open',
  'aurora_widget_close',
  'aurora_intent_complete',
  'aurora_product_view',
]);
const toldByWidget = ({ event, source }: Readonly<Record<string, unknown>>): boolean =>
  ofTheWidget.has(String(event)) || (event === 'aurora_intent_detected' && source !== 'text');

/** Expects that the widget told analytics of these events, in this order, for this visit's session. */
export async function expectTold(shop: Shop, sessionId: string, names: string[]): Promise<void> {
  const events = shop.world.events.collection('events');
  await vi.waitFor(
    async () => {
      const told = await events.find({ sessionId }).sort({ timestamp: 1 }).toArray();
      expect(told.filter(toldByWidget).map(({ event }) => String(event))).toEqual(names);
    },
    { timeout: 5_000, interval: 50 },
  );
}

/** Expects that the API told analytics of these events, in any order, for this visit's session. */
export async function expectEvents(shop: Shop, visit: Visit, names: string[]): Promise<void> {
  const sessionId = await visit.session();
  const events = shop.world.events.collection('events');
  await vi.waitFor(
    async () => {
      const told = await events.find({ sessionId }).toArray();
      const byTheApi = told.filter((event) => !toldByWidget(event));
      expect(byTheApi.map(({ event }) => String(event)).sort()).toEqual([...names].sort());
    },
    { timeout: 5_000, interval: 50 },
  );
}
