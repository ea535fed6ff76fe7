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
/** Taylor coefficients of exp for |x| <= 0.35, the highest first: the next one adds below 1e-17. */
const EXP_SERIES = [
  1 / 6_227_020_800,
  1 / 479_001_600,
  1 / 39_916_800,
  1 / 3_628_800,
  1 / 362_880,
  1 / 40_320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
] as const;
/** Coefficients of atanh(r) / r in r squared, for r <= 0.18, the highest first. */
const LOG_SERIES = [
  1 / 21,
  1 / 19,
  1 / 17,
  1 / 15,
  1 / 13,
  1 / 11,
  1 / 9,
  1 / 7,
  1 / 5,
  1 / 3,
] as const;
const EXPONENT_BIAS = 1023;
const EXPONENT_MASK = 0x7ff;
const MANTISSA_SHIFT = 20;
const MANTISSA_MASK = 0xf_ffff;
const ONE_EXPONENT = 0x3ff0_0000;
/** A double and its two halves, to read and write its exponent. */
const bits = new DataView(new ArrayBuffer(8));

/** e to the power of `x`, for |x| up to 700; relative error below 1e-14. */
export function exactExp(x: number): number {
  const halvings = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - halvings * LN2_HIGH - halvings * LN2_LOW;
  let sum = 0;
  for (const term of EXP_SERIES) sum = sum * rest + term;
  return ((sum * rest + 1) * rest + 1) * powerOfTwo(halvings);
}

/** Natural logarithm of a normal positive number; absolute error below 1e-14. */
export function exactLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  let exponent = ((high >>> MANTISSA_SHIFT) & EXPONENT_MASK) - EXPONENT_BIAS;
  bits.setInt32(0, (high & MANTISSA_MASK) | ONE_EXPONENT);
  let mantissa = bits.getFloat64(0);
  if (mantissa >= 2 * SQRT_HALF) {
    mantissa /= 2;
    exponent++;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (const term of LOG_SERIES) sum = sum * square + term;
  return exponent * LN2_HIGH + (2 * ratio * (sum * square + 1) + exponent * LN2_LOW);
}

/** 2 to a whole power from -1022 to 1023, exactly. */
function powerOfTwo(power: number): number {
  bits.setInt32(0, (power + EXPONENT_BIAS) << MANTISSA_SHIFT);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}
