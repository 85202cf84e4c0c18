/** What the panel shows of a product. */
export interface ShownCard {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly shippingPromise?: string;
}

/** A message as the API sends it; types that are not known here are left alone. */
export interface WidgetMessage {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Asks for products through the key-less route that is there for the widget. */
export async function findProducts(
  sessionId: string,
  category: string,
  signal: AbortSignal,
): Promise<readonly WidgetMessage[]> {
  const answer = await fetch('/api/support/products', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-session-id': sessionId },
    body: JSON.stringify({ sessionId, category }),
    signal,
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const body = (await answer.json()) as { readonly messages?: readonly WidgetMessage[] };
  return body.messages ?? [];
}
