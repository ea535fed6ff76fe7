/**
 * How long requests waited: count, mean, longest, and quantiles from a histogram with a hundred bins
 * a decade, so that a quantile is right to 2 % however many waits there were.
 */
import { exactExp, exactLog } from './exact-math.ts';
import { WAIT_BINS, WAIT_BINS_PER_DECADE, WAIT_FIRST_NS } from './frame.ts';
import type { Keeper } from '../model/keeper.ts';

const FINE_PER_BIN = 20;
const FINE_BINS = WAIT_BINS * FINE_PER_BIN;
const FINE_PER_DECADE = WAIT_BINS_PER_DECADE * FINE_PER_BIN;
const LN_10 = exactLog(10);

/** The bin of a wait, 0 to `WAIT_BINS` - 1. */
export function waitBin(waitNs: number): number {
  return Math.floor(fineBin(waitNs) / FINE_PER_BIN);
}

function fineBin(waitNs: number): number {
  if (waitNs <= WAIT_FIRST_NS) return 0;
  const bin = Math.floor((exactLog(waitNs / WAIT_FIRST_NS) / LN_10) * FINE_PER_DECADE);
  return Math.min(FINE_BINS - 1, bin);
}

/** The waits of one run that are over. */
export class WaitStats {
  count = 0;
  sumNs = 0;
  maxNs = 0;
  readonly #fine = new Float64Array(FINE_BINS);

  get meanNs(): number {
    return this.count === 0 ? 0 : this.sumNs / this.count;
  }

  /** Enters a wait. */
  add(waitNs: number): void {
    const bin = fineBin(waitNs);
    this.#fine[bin] = (this.#fine[bin] as number) + 1;
    this.count++;
    this.sumNs += waitNs;
    if (waitNs > this.maxNs) this.maxNs = waitNs;
  }

  keep(k: Keeper): void {
    this.count = k.value(this.count);
    this.sumNs = k.value(this.sumNs);
    this.maxNs = k.value(this.maxNs);
    k.array(this.#fine);
  }

  /** The wait that a share `quantile` of all did not exceed, in ns, to 2 %; 0 without waits. */
  quantileNs(quantile: number): number {
    const rank = Math.ceil(quantile * this.count);
    let seen = 0;
    for (let bin = 0; bin < FINE_BINS; bin++) {
      seen += this.#fine[bin] as number;
      if (rank > 0 && seen >= rank) {
        const upperNs = WAIT_FIRST_NS * exactExp((LN_10 * (bin + 1)) / FINE_PER_DECADE);
        return Math.min(this.maxNs, Math.round(upperNs));
      }
    }
    return 0;
  }

  /** Writes the waits by bin, `WAIT_BINS` numbers. */
  writeBins(bins: Float64Array): void {
    for (let bin = 0; bin < WAIT_BINS; bin++) {
      let sum = 0;
      for (let fine = 0; fine < FINE_PER_BIN; fine++) {
        sum += this.#fine[bin * FINE_PER_BIN + fine] as number;
      }
      bins[bin] = sum;
    }
  }
}
