import { compareValues } from '../values/compare.ts';
import { asDouble, Sum } from '../values/numbers.ts';
import { isNumber, type Value } from '../values/value.ts';

/** Collects one field of one group. */
export interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

/** Every accumulator of `$group` that is allowed. */
export const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => {
    const sum = new Sum();
    return {
      add: (value) => {
        if (isNumber(value)) sum.add(value);
      },
      result: () => sum.result(),
    };
  },
  $avg: average,
  $min: () => extreme((order) => order < 0),
  $max: () => extreme((order) => order > 0),
  $first: () => {
    let first: Value | undefined;
    let seen = false;
    return {
      add: (value) => {
        if (!seen) first = value;
        seen = true;
      },
      result: () => first ?? null,
    };
  },
  $last: () => {
    let last: Value | undefined;
    return {
      add: (value) => {
        last = value;
      },
      result: () => last ?? null,
    };
  },
};

/** Of the numbers only; null when there is none. */
function average(): Accumulator {
  const sum = new Sum();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      sum.add(value);
      count += 1;
    },
    result: () => (count === 0 ? null : asDouble(sum.number() / count)),
  };
}

/** In BSON's order over all types; null and missing do not count. */
function extreme(wins: (order: number) => boolean): Accumulator {
  let best: Value | undefined;
  return {
    add: (value) => {
      if (value === undefined || value === null) return;
      if (best === undefined || wins(compareValues(value, best))) best = value;
    },
    result: () => best ?? null,
  };
}
