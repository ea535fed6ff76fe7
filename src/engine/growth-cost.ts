/** What an attempt to grow takes: getting pages, moving others out of the way, converting. */
import type { Costs } from './costs.ts';
import type { GrowthAttempt } from './growth-log.ts';

/** Virtual ns by kind of work, and pages moved. */
export interface GrowthCost {
  readonly pagesNs: number;
  readonly migrateNs: number;
  readonly convertNs: number;
  /** All of them, whole ns. */
  readonly totalNs: number;
  readonly migrated: number;
}

/** Each kind of work at its price in `costs`. */
export function growthCost(
  costs: Costs,
  { tries, converted }: Pick<GrowthAttempt, 'tries' | 'converted'>,
): GrowthCost {
  const [calls, small, large] = converted;
  const migrated = tries.reduce((sum, one) => sum + one.migrated, 0);
  const migrateNs = migrated * costs.migratePageNs;
  const convertNs =
    calls * costs.convertNs + small * costs.convertPageNs + large * costs.convertLargeNs;
  const pagesNs = costs.pageAllocNs;
  const totalNs = Math.round(pagesNs + migrateNs + convertNs);
  return { pagesNs, migrateNs, convertNs, totalNs, migrated };
}
