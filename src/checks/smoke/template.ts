import type { Json } from '../../base/json.ts';

const placeholder = /\{([a-zA-Z]+)\}/g;

/** The names that stand in braces anywhere in a value. */
export function placeholdersIn(value: Json): ReadonlySet<string> {
  if (typeof value === 'string') {
    return new Set([...value.matchAll(placeholder)].map((match) => match[1] ?? ''));
  }
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return new Set(members.flatMap((member: Json) => [...placeholdersIn(member)]));
}

/** The value with every `{name}` replaced; a name without a value stays as it is. */
export function fill(value: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof value === 'string') {
    return value.replace(placeholder, (whole, name: string) => values[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map((member: Json) => fill(member, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, fill(member, values)]),
  );
}
