/**
 * exp and log that give the same bits in every JavaScript engine.
 *
 * `Math.exp` and `Math.log` may differ in the last bit from engine to engine, and one bit is enough
 * to make two runs of the same seed part. Addition, multiplication and square root may not, so both
 * are built from those: range reduction by powers of two, then a series.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT_HALF = Math.SQRT1_2;
/** Taylor terms of exp after reduction to |x| <= 0.35: the first left out is below 1e-17. */
const EXP_TERMS = 14;
/** Terms of the atanh series of log after reduction to [0.7, 1.42]: the next is below 1e-17. */
const LOG_TERMS = 11;

/** e to the power of `x`, for |x| up to 700; relative error below 1e-14. */
export function exactExp(x: number): number {
  const halvings = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - halvings * LN2_HIGH - halvings * LN2_LOW;
  let sum = 1;
  for (let term = EXP_TERMS; term > 0; term--) sum = 1 + (sum * rest) / term;
  return sum * powerOfTwo(halvings);
}

/** Natural logarithm of a normal positive number; absolute error below 1e-14. */
export function exactLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa >= 2 * SQRT_HALF) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < SQRT_HALF) {
    mantissa *= 2;
    exponent--;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = LOG_TERMS; term >= 0; term--) sum = sum * square + 1 / (2 * term + 1);
  return exponent * LN2_HIGH + (2 * ratio * sum + exponent * LN2_LOW);
}

/** 2 to a whole power, exactly, by squaring. */
function powerOfTwo(power: number): number {
  let base = power < 0 ? 0.5 : 2;
  let result = 1;
  for (let left = Math.abs(power); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}
