import { z } from 'zod';

/** Whether a value is of a kind. */
export type Fits = (value: unknown) => boolean;

/**
 * A check that comes to what zod comes to, for the kinds of fields that events have, at a fraction of
 * the time: it makes nothing, neither a result nor a list of what is wrong. Other kinds are left to zod.
 */
export function quickCheck(schema: z.core.$ZodType): Fits {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const byZod: Fits = (value) => z.safeParse(schema, value).success;
  const checks = (def.checks ?? []).map((check) => (check as z.core.$ZodChecks)._zod.def);
  switch (def.type) {
    case 'optional': {
      const inner = quickCheck(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case 'literal':
    case 'enum': {
      const words = new Set<unknown>('values' in def ? def.values : Object.values(def.entries));
      return (value) => words.has(value);
    }
    case 'boolean':
      return checks.length === 0 ? (value) => typeof value === 'boolean' : byZod;
    case 'string':
      return 'check' in def ? byZod : (patternOf(checks) ?? byZod);
    case 'date':
      return checks.length === 0
        ? (value) => value instanceof Date && !Number.isNaN(value.getTime())
        : byZod;
    case 'number': {
      const format = 'format' in def ? def.format : undefined;
      if (format !== undefined && format !== 'safeint') return byZod;
      return rangeOf(format === 'safeint', checks) ?? byZod;
    }
    case 'array':
      return listOf(quickCheck(def.element), checks) ?? byZod;
    case 'object':
      return def.catchall?._zod.def.type === 'never' && checks.length === 0
        ? fieldsOf(def.shape)
        : byZod;
    default:
      return byZod;
  }
}

type Checks = readonly z.core.$ZodChecks['_zod']['def'][];

/** A text of one pattern. */
function patternOf([only, ...others]: Checks): Fits | undefined {
  if (only?.check !== 'string_format' || others.length > 0) return undefined;
  const { pattern, format } = only;
  // One that remembers where it was would answer differently each time.
  if (format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) {
    return undefined;
  }
  return (value) => typeof value === 'string' && pattern.test(value);
}

/** A number between two others, both included; whole or not. */
function rangeOf(whole: boolean, checks: Checks): Fits | undefined {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const check of checks) {
    if (check.check === 'greater_than' && check.inclusive) {
      least = Math.max(least, Number(check.value));
    } else if (check.check === 'less_than' && check.inclusive) {
      most = Math.min(most, Number(check.value));
    } else return undefined;
  }
  return (value) =>
    (whole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    Number(value) >= least &&
    Number(value) <= most;
}

/** A list of such elements, of bounded length. */
function listOf(element: Fits, checks: Checks): Fits | undefined {
  let [least, most] = [0, Number.POSITIVE_INFINITY];
  for (const check of checks) {
    if (check.check === 'min_length') least = check.minimum;
    else if (check.check === 'max_length') most = check.maximum;
    else return undefined;
  }
  return (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(element);
}

/** An object of these fields and no others. */
function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): Fits {
  const known = new Map<string, Fits>();
  const demanded = new Set<string>();
  for (const [name, field] of Object.entries(shape)) {
    known.set(name, quickCheck(field));
    if (field._zod.optin !== 'optional') demanded.add(name);
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const name in value) {
      const fits = known.get(name);
      if (fits === undefined || !fits(Reflect.get(value, name))) return false;
      if (demanded.has(name)) found += 1;
    }
    return found === demanded.size;
  };
}
