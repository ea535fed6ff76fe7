/**
 * What became of all attempts to grow, counted. `GrowthLog` keeps the newest attempts whole; these
 * few numbers keep all of them, and the history keeps what each stretch of time added.
 */
import type { Keeper } from '../model/keeper.ts';

/** What is counted, in the order of `SERIES.grown` and the series behind it. */
export const GROWTH_TOTALS = {
  /** Pools that stay, of the size first asked for; memory that coherent pools got, too. */
  grown: 0,
  /** The same of a smaller order: a larger one had been refused. */
  halved: 1,
  /** Attempts to get such a pool that got nothing. */
  failed: 2,
  /** Pools of one request. */
  transients: 3,
  /** Attempts to get one that got nothing of use. */
  transientsFailed: 4,
  /** Blocks asked for and refused, in all attempts together. */
  refused: 5,
  /** Calls that converted pages to shared ones. */
  conversions: 6,
} as const;

/** How many there are. */
export const GROWTH_TOTAL_FIELDS = 7;

/** As much of an attempt as its outcome depends on. */
export interface CountedAttempt {
  readonly by: 'worker' | 'transient' | 'request' | 'refill';
  /** Slots of the pool got, 0 = none. */
  readonly slots: number;
  readonly tries: readonly CountedTry[];
}

/** As much of a block asked for: whether it was there, and whether the host would not share it. */
export interface CountedTry {
  readonly path: string;
  readonly unshared?: true;
}

/** Whether nothing came of a try. */
export function wasRefused({ path, unshared }: CountedTry): boolean {
  return path === 'failed' || unshared === true;
}

/** Which of `GROWTH_TOTALS` an attempt counts as: one of the first five. */
export function growthOutcome({ by, slots, tries }: CountedAttempt): number {
  if (by === 'transient') {
    return slots === 0 ? GROWTH_TOTALS.transientsFailed : GROWTH_TOTALS.transients;
  }
  if (slots === 0) return GROWTH_TOTALS.failed;
  return tries.some(wasRefused) ? GROWTH_TOTALS.halved : GROWTH_TOTALS.grown;
}

/** Counts of one run since boot; they only grow. */
export class GrowthTotals {
  /** By `GROWTH_TOTALS`. */
  readonly counts = new Float64Array(GROWTH_TOTAL_FIELDS);

  /** Counts an attempt and the blocks it was refused. Its conversions are counted by `convert`. */
  add(attempt: CountedAttempt): void {
    this.#add(growthOutcome(attempt), 1);
    let refused = 0;
    for (const one of attempt.tries) refused += wasRefused(one) ? 1 : 0;
    this.#add(GROWTH_TOTALS.refused, refused);
  }

  /** Counts calls that converted pages. */
  convert(calls: number): void {
    this.#add(GROWTH_TOTALS.conversions, calls);
  }

  keep(k: Keeper): void {
    k.array(this.counts);
  }

  #add(field: number, by: number): void {
    this.counts[field] = (this.counts[field] as number) + by;
  }
}
