import type { Json } from './json.ts';
import { redact } from './redact.ts';

/** The value with every string in it redacted; keys are ours and stay. */
export function redactJson(value: Json): Json {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => [key, redactJson(member as Json)]),
    );
  }
  return value;
}
