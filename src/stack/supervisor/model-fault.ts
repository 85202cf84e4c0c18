import type { ModelFault } from '../model/faults.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';
import { callPart } from './part-call.ts';

/** Makes the language model slow, refuse or talk nonsense; null makes it well again. */
export async function setModelFault(
  layout: StackLayout,
  kind: ModelFault['kind'],
  signal: AbortSignal,
): Promise<void> {
  const url = `${addressesOf(layout).model}/fault`;
  await callPart({ method: 'PUT', url, body: { kind } }, signal);
}
