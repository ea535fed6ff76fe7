/**
 * What a pageblock is meant for, and where a request goes when its own kind has run out.
 *
 * Follows enum migratetype in include/linux/mmzone.h, and migratetype_names[] and fallbacks[] in
 * mm/page_alloc.c, Linux 6.12.
 */

/** Pages that stay where they are (`MIGRATE_UNMOVABLE`; the numbers are the kernel's). */
export const UNMOVABLE = 0;
/** Pages of processes and files: they can be copied elsewhere. */
export const MOVABLE = 1;
/** Slab pages that can be given up, not moved. */
export const RECLAIMABLE = 2;
/** Pageblocks kept for requests that may neither sleep nor fail easily. */
export const HIGHATOMIC = 3;
/** Pageblocks of a CMA region: only movable pages may live there. */
export const CMA = 4;
/** Pageblocks taken out of allocation while a range is being emptied. */
export const ISOLATE = 5;

/** Any kind of pageblock. */
type MigrateType = 0 | 1 | 2 | 3 | 4 | 5;
/** The kinds a request can have (`MIGRATE_PCPTYPES` of them). */
export type RequestType = 0 | 1 | 2;

/** `MIGRATE_TYPES` of a kernel with CMA and memory isolation. */
export const MIGRATE_TYPES = 6;

/** Names as the kernel prints them, by number. */
export const MIGRATE_NAMES: readonly string[] = [
  'Unmovable',
  'Movable',
  'Reclaimable',
  'HighAtomic',
  'CMA',
  'Isolate',
];

/** Other kinds to take from, the nearer first, by the kind asked for. */
export const FALLBACKS: readonly (readonly [MigrateType, MigrateType])[] = [
  [RECLAIMABLE, MOVABLE],
  [RECLAIMABLE, UNMOVABLE],
  [UNMOVABLE, MOVABLE],
];

/** Whether blocks of this kind grow together with blocks of other kinds (`migratetype_is_mergeable`). */
export function isMergeable(type: number): boolean {
  return type <= RECLAIMABLE;
}
