import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/concierge/catalogue/catalogue.ts';
import { outwardStatus, timelineOf } from '../../src/concierge/endpoints/order-timeline.ts';
import { eligibility } from '../../src/concierge/endpoints/return-rules.ts';
import { RateLimiter } from '../../src/concierge/http/rate-limit.ts';
import { maskEmail, maskPhone, maskTracking } from '../../src/concierge/masks.ts';
import { readSettings } from '../../src/concierge/settings.ts';
import type { OrderDocument } from '../../src/concierge/storage/documents.ts';
import { percentile } from '../../src/concierge/telemetry/points.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 5, 15);
const delivered = (daysAgo: number, more: Partial<OrderDocument> = {}): OrderDocument => ({
  orderNumber: 'GG-1',
  customerEmail: 'a@example.com',
  status: 'delivered',
  shipping: { deliveredAt: new Date(now - daysAgo * day) },
  ...more,
});

describe('return windows', () => {
  it.each([
    ['return', 30, 'eligible'],
    ['return', 30.1, 'late'],
    ['resize', 60, 'eligible'],
    ['resize', 60.1, 'late'],
    ['care', 4_000, 'eligible'],
  ] as const)('%s after %d days is %s', (option, days, expected) => {
    expect(eligibility(delivered(days), option, now)).toBe(expected);
  });
  it('cares for custom and engraved pieces but takes none back', () => {
    for (const item of [{ custom: true }, { engraved: true }]) {
      const order = delivered(1, { items: [item] });
      expect(eligibility(order, 'return', now)).toBe('made-for-you');
      expect(eligibility(order, 'resize', now)).toBe('made-for-you');
      expect(eligibility(order, 'care', now)).toBe('eligible');
    }
  });
  it('resizes by two sizes at most, where the size is known', () => {
    const ring = delivered(1, { items: [{ size: 6 }] });
    expect(eligibility(ring, 'resize', now, 8)).toBe('eligible');
    expect(eligibility(ring, 'resize', now, 8.5)).toBe('size-too-far');
    expect(eligibility(ring, 'resize', now, 3.5)).toBe('size-too-far');
    expect(eligibility(ring, 'resize', now)).toBe('eligible');
    expect(eligibility(ring, 'care', now, 12)).toBe('eligible');
    expect(eligibility(delivered(1, { items: [{}] }), 'resize', now, 12)).toBe('eligible');
  });
  it('waits for delivery, and knows a return that is open', () => {
    expect(eligibility(delivered(1, { status: 'shipped' }), 'care', now)).toBe('not-delivered');
    expect(eligibility(delivered(1, { status: 'return_pending' }), 'care', now)).toBe('active');
  });
});

describe('order timeline', () => {
  it('tells delayed as exception and an opened return as delivered', () => {
    expect(outwardStatus('delayed')).toBe('exception');
    expect(outwardStatus('return_pending')).toBe('delivered');
  });
  it('makes up the usual way where no history was kept', () => {
    const steps = timelineOf({ ...delivered(1), status: 'processing' });
    expect(steps.map(({ status }) => status)).toEqual([
      'created',
      'payment_captured',
      'processing',
    ]);
    expect(steps.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true]);
  });
});

describe('masks', () => {
  it('leave just enough to recognise', () => {
    expect(maskTracking('1Z99912345678')).toBe('1Z***5678');
    expect(maskTracking('12345')).toBe('***');
    expect(maskPhone('+1 (555) 123-7890')).toBe('+1 (***) ***-7890');
    expect(maskPhone('555 123 7890')).toBe('+1 (***) ***-7890');
    expect(maskPhone('+44 20 7946 0958')).toBe('***-0958');
    expect(maskPhone('12345')).toBe('***');
    expect(maskEmail('test@example.com')).toBe('t***@example.com');
  });
});

describe('rate limiter', () => {
  it('opens again with the next second and the next minute', () => {
    let clock = 60_000;
    const limiter = new RateLimiter(
      { sessionPerMinute: 3, addressPerMinute: 1, sessionPerSecond: 2 },
      () => clock,
    );
    const wait = () => limiter.countSession('a').retrySeconds;
    expect([wait(), wait(), wait()]).toEqual([null, null, 1]);
    clock += 1_000;
    expect(wait()).toBe(59);
    clock += 60_000;
    expect(wait()).toBe(null);
    const waitAt = (address: string) => limiter.countAddress(address).retrySeconds;
    expect([waitAt('10.0.0.1'), waitAt('10.0.0.1'), waitAt('10.0.0.2')]).toEqual([null, 59, null]);
  });
});

describe('catalogue', () => {
  it('reads products once in ten seconds, shares a reading, and tries again after a failure', async () => {
    let clock = 0;
    let reads = 0;
    let fails = true;
    const load = async () => {
      reads += 1;
      if (fails) throw new Error('away');
      return [];
    };
    const catalogue = new Catalogue(load, () => clock);
    await expect(catalogue.search({}, 6)).rejects.toThrow('away');
    fails = false;
    await Promise.all([catalogue.search({}, 6), catalogue.search({ category: 'ring' }, 6)]);
    expect(reads).toBe(2);
    clock = 9_999;
    await catalogue.search({}, 6);
    expect(reads).toBe(2);
    clock = 10_000;
    await catalogue.search({}, 6);
    expect(reads).toBe(3);
  });
});

describe('settings', () => {
  const least = { CONCIERGE_API_KEY: 'k', MONGODB_URI: 'mongodb://127.0.0.1/x' };
  it('takes stubs as active for the literal true only, and reports what stands there', () => {
    expect(readSettings(least).stubs).toEqual({ active: false, fakeMode: null, useStubs: null });
    const odd = readSettings({ ...least, AURORA_FAKE_MODE: 'TRUE', AURORA_USE_STUBS: 'false' });
    expect(odd.stubs).toEqual({ active: false, fakeMode: 'TRUE', useStubs: 'false' });
    expect(readSettings({ ...least, AURORA_USE_STUBS: 'true' }).stubs.active).toBe(true);
  });
  it('names what is missing and never a value', () => {
    expect(() => readSettings({ MONGODB_URI: 'mongodb://x' })).toThrow('CONCIERGE_API_KEY');
    const bad = { ...least, PORT: 'secret-port' };
    expect(() => readSettings(bad)).toThrow(/^PORT is not usable$/);
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.95)]).toEqual([50, 95]);
    expect(percentile([], 0.5)).toBe(0);
  });
});
