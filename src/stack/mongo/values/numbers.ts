import { Double, Long } from 'bson';
import { fail } from '../errors.ts';
import { isInt32, isNumber, type NumberValue, type Value } from './value.ts';

/** A double in the server's form: wrapped when a plain number would be taken for an int32. */
export function asDouble(value: number): NumberValue {
  return isInt32(value) ? new Double(value) : value;
}

/** An integer in the smallest type that holds it; a double beyond 64 bits. */
export function asInteger(value: bigint): NumberValue {
  if (BigInt.asIntN(32, value) === value) return Number(value);
  return BigInt.asIntN(64, value) === value ? Long.fromBigInt(value) : asDouble(Number(value));
}

/** The exact mathematical value: a bigint only where a double could not hold it. */
export function exact(value: NumberValue): number | bigint {
  if (typeof value === 'number') return value;
  if (value instanceof Double) return value.value;
  const big = value.toBigInt();
  const near = Number(big);
  return Number.isSafeInteger(near) ? near : big;
}

/** The value as a JavaScript number, rounded where it must be. */
export function asNumber(value: NumberValue): number {
  return Number(exact(value));
}

/** Compares two numbers of any types exactly; NaN stands before all others. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  const left = exact(a);
  const right = exact(b);
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
}

/** Adds as MongoDB does: doubles win, integers widen from 32 to 64 bits, then it is an error. */
export function add(a: NumberValue, b: NumberValue): NumberValue {
  const isLong = a instanceof Long || b instanceof Long;
  if (!isIntegral(a) || !isIntegral(b)) return asDouble(asNumber(a) + asNumber(b));
  const sum = BigInt(exact(a)) + BigInt(exact(b));
  if (BigInt.asIntN(64, sum) !== sum) {
    fail(2, `Failed to apply $inc operations to current value: ${sum} overflows 64 bits`);
  }
  return isLong ? Long.fromBigInt(sum) : asInteger(sum);
}

/** Subtracts by the same rules; an overflowing difference becomes a double. */
export function subtract(a: NumberValue, b: NumberValue): NumberValue {
  if (!isIntegral(a) || !isIntegral(b)) return asDouble(asNumber(a) - asNumber(b));
  const difference = BigInt(exact(a)) - BigInt(exact(b));
  const isLong = a instanceof Long || b instanceof Long;
  const fits = BigInt.asIntN(64, difference) === difference;
  return isLong && fits ? Long.fromBigInt(difference) : asInteger(difference);
}

/** Whether it is of an integer type, whatever its value. */
export function isIntegral(value: NumberValue): boolean {
  return value instanceof Long || isInt32(value);
}

/** A whole number given as an option, such as a limit; fails with BadValue otherwise. */
export function wholeNumber(value: Value | undefined, what: string): number {
  const number = isNumber(value) ? asNumber(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) fail(2, `${what} must be a whole number`);
  return number;
}

/**
 * A sum of numbers of mixed types. Doubles are added with a compensating term, as MongoDB does,
 * so that ten times 0.1 is 1 and the order of the documents does not show.
 */
export class Sum {
  #small = 0;
  #big = 0n;
  #sawLong = false;
  #double: { high: number; low: number; plain: number } | undefined;

  add(value: NumberValue): void {
    if (isInt32(value)) {
      this.#small += value;
      if (!Number.isSafeInteger(this.#small * 2)) this.#carry();
    } else if (value instanceof Long) {
      this.#sawLong = true;
      this.#big += value.toBigInt();
    } else {
      this.#double ??= { high: 0, low: 0, plain: 0 };
      addCompensated(this.#double, asNumber(value));
    }
  }

  /** The total in the type that MongoDB gives it. */
  result(): NumberValue {
    if (this.#double !== undefined) return asDouble(this.number());
    this.#carry();
    const fits = BigInt.asIntN(64, this.#big) === this.#big;
    return this.#sawLong && fits ? Long.fromBigInt(this.#big) : asInteger(this.#big);
  }

  /** The total as a double, for an average. */
  number(): number {
    this.#carry();
    if (this.#double === undefined) return Number(this.#big);
    const total = { ...this.#double };
    addCompensated(total, Number(this.#big));
    const sum = total.high + total.low;
    return Number.isNaN(sum) ? total.plain : sum;
  }

  #carry(): void {
    this.#big += BigInt(this.#small);
    this.#small = 0;
  }
}

function addCompensated(total: { high: number; low: number; plain: number }, value: number): void {
  const [addend, error] = twoSum(value, total.low);
  const [high, rest] = twoSum(total.high, addend);
  total.high = high;
  total.low = error + rest;
  // Infinities turn the compensation into NaN; the plain sum is then the right one.
  total.plain += value;
}

/** Knuth: the rounded sum and the exact rounding error. */
function twoSum(a: number, b: number): [number, number] {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}
