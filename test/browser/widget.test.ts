import { describe } from 'vitest';
import { hidden } from './hidden.ts';
import { journeys } from './journeys.ts';
import { keyboard } from './keyboard.ts';
import { skipReason } from './support/chromium.ts';
import { useShop } from './support/shop.ts';
import { trouble } from './trouble.ts';

if (skipReason !== undefined) console.warn(`skipped: ${skipReason}`);

describe.skipIf(skipReason !== undefined)('the widget in a browser', () => {
  // One browser, one database and one concierge for all.
  const shop = useShop();
  journeys(shop);
  keyboard(shop);
  trouble(shop);
  hidden(shop);
});
