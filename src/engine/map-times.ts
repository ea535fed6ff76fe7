/**
 * How long maps took, from the driver's call to its return: counts in bins that are a thirty-second
 * of an octave wide, so that a quantile is right to 3 % however many maps there were. Cheap enough
 * for every map: no logarithm, nothing allocated.
 *
 * The array is read with `as number`: a bin is computed from 32 bits.
 */
import type { Keeper } from '../model/keeper.ts';

const SUB_BITS = 5;
const SUBS = 1 << SUB_BITS;
const LONGEST_NS = 2 ** 31 - 1;

/** The successful maps of one run. */
export class MapTimes {
  count = 0;
  sumNs = 0;
  readonly #bins = new Float64Array(32 * SUBS);

  /** Enters a map that took `ns`, 0 or more; beyond two seconds all are the same. */
  add(ns: number): void {
    const bin = binOf(Math.min(ns, LONGEST_NS));
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
    this.count++;
    this.sumNs += ns;
  }

  keep(k: Keeper): void {
    this.count = k.value(this.count);
    this.sumNs = k.value(this.sumNs);
    k.array(this.#bins);
  }

  /** What a share `quantile` of all maps did not exceed, in ns, to 3 %; 0 without maps. */
  quantileNs(quantile: number): number {
    const rank = Math.ceil(quantile * this.count);
    let seen = 0;
    for (let bin = 0; bin < this.#bins.length; bin++) {
      seen += this.#bins[bin] as number;
      if (rank > 0 && seen >= rank) return lastOf(bin);
    }
    return 0;
  }
}

/** Numbers below 32 have a bin each; above, an octave has 32. */
function binOf(ns: number): number {
  if (ns < SUBS) return ns;
  const shift = 31 - Math.clz32(ns) - SUB_BITS;
  return (shift + 1) * SUBS + (ns >>> shift) - SUBS;
}

/** The largest number of a bin. */
function lastOf(bin: number): number {
  if (bin < SUBS) return bin;
  const shift = Math.floor(bin / SUBS) - 1;
  return ((bin % SUBS) + SUBS + 1) * 2 ** shift - 1;
}
