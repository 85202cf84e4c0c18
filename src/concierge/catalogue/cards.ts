import type { ProductDocument } from '../storage/documents.ts';

/** The categories of the shop. */
export const categories = ['ring', 'earrings', 'necklace', 'bracelet'] as const;
/** The metals of the shop. */
export const metals = ['14k_yellow', '14k_white', '14k_rose', 'platinum'] as const;

/** A product as the widget shows it. Prices in whole units of the currency. */
export interface ProductCard {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly slug?: string;
  readonly category?: string;
  readonly specLine?: string;
  readonly heroImage?: string;
  readonly tags?: readonly string[];
  readonly readyToShip?: boolean;
  readonly metal?: string;
  readonly shippingPromise?: string;
  readonly badges?: readonly string[];
  readonly ctas?: readonly { readonly id: 'shortlist' | 'view_details'; readonly label: string }[];
}

/** What a customer asks for. */
export interface ProductFilters {
  readonly category?: string | undefined;
  readonly priceMin?: number | undefined;
  readonly priceMax?: number | undefined;
  readonly readyToShip?: boolean | undefined;
  readonly metal?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

const bestsellerScore = 0.9;
const maxTags = 10;
const maxTagLength = 20;

/** The card of a product; undefined when it may not be shown: no price, or none in stock. */
export function toCard(product: ProductDocument): ProductCard | undefined {
  const price = product.pricing?.basePrice;
  if (price === undefined || price === null) return undefined;
  if (product.inventory.available <= 0 && product.inventory.override !== true) return undefined;
  const badges = [...(product.metadata.badges ?? [])];
  if ((product.metadata.score ?? 0) >= bestsellerScore && !badges.includes('Bestseller')) {
    badges.push('Bestseller');
  }
  return {
    productId: product.productId,
    name: product.name,
    price,
    currency: product.pricing?.currency ?? 'USD',
    slug: product.slug,
    category: product.category,
    ...(product.specLine === undefined ? {} : { specLine: product.specLine }),
    ...(product.heroImage === undefined ? {} : { heroImage: product.heroImage }),
    tags: product.tags.slice(0, maxTags).map((tag) => tag.slice(0, maxTagLength)),
    readyToShip: product.metadata.readyToShip,
    metal: product.metadata.primaryMetal,
    shippingPromise:
      product.metadata.shippingPromise ??
      (product.metadata.readyToShip ? 'Ships in 2 days' : 'Made to order in 3 weeks'),
    badges,
    ctas: [
      { id: 'shortlist', label: 'Add to shortlist' },
      { id: 'view_details', label: 'View details' },
    ],
  };
}

/** Whether a product is what was asked for. Tags: it has all of them. */
export function matches(product: ProductDocument, filters: ProductFilters): boolean {
  const price = product.pricing?.basePrice ?? 0;
  return (
    (filters.category === undefined || product.category === filters.category) &&
    (filters.metal === undefined || product.metadata.primaryMetal === filters.metal) &&
    (filters.readyToShip === undefined || product.metadata.readyToShip === filters.readyToShip) &&
    (filters.priceMin === undefined || price >= filters.priceMin) &&
    (filters.priceMax === undefined || price <= filters.priceMax) &&
    (filters.tags ?? []).every((tag) => product.tags.includes(tag))
  );
}
