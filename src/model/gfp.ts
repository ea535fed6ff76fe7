/**
 * What a request for pages says about itself, and what the allocator makes of it.
 *
 * Follows include/linux/gfp_types.h, gfp_to_alloc_flags() and alloc_flags_nofragment() in
 * mm/page_alloc.c, Linux 6.12. It differs in knowing only the kinds that bounce buffers and the
 * loads beside them use.
 */
import { UNMOVABLE, type RequestType } from './migrate-type.ts';
import type { GfpZone } from './page-source.ts';

/** `GFP_KERNEL` may sleep, `GFP_NOWAIT` may not, `GFP_ATOMIC` may not and digs into the reserves. */
export type GfpKind = 'kernel' | 'nowait' | 'atomic';

/** A request's flags; made once by `gfp` and used many times. */
export interface Gfp {
  readonly kind: GfpKind;
  readonly type: RequestType;
  /** Number of the highest zone that will do: 0 DMA, 1 DMA32, 2 Normal. */
  readonly highestZone: 0 | 1 | 2;
  /** `ALLOC_*` flags of the first try (low watermark) and of the slow path (min watermark). */
  readonly fastFlags: number;
  readonly slowFlags: number;
}

/** May use half of the min watermark (`ALLOC_MIN_RESERVE`, `__GFP_HIGH`). */
export const ALLOC_MIN_RESERVE = 1;
/** Cannot sleep (`ALLOC_NON_BLOCK`). */
export const ALLOC_NON_BLOCK = 2;
/** May take from the highatomic pageblocks at any order above 0 (`ALLOC_HIGHATOMIC`). */
export const ALLOC_HIGHATOMIC = 4;
/** May take from CMA pageblocks (`ALLOC_CMA`). */
export const ALLOC_CMA = 8;
/** Looks at the low watermark, not the min one (`ALLOC_WMARK_LOW`). */
export const ALLOC_WMARK_LOW = 16;
/** Would rather go to another zone than mix kinds in a pageblock (`ALLOC_NOFRAGMENT`). */
export const ALLOC_NOFRAGMENT = 32;
/** `ALLOC_RESERVES`: those that count free highatomic pages as theirs. */
export const ALLOC_RESERVES = ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK;

const HIGHEST_ZONE = { 0: 2, 1: 0, 4: 1 } as const;

/**
 * The flags of a request.
 *
 * @param zone zone bits, 0 for any zone.
 * @param type what the pages are for; unmovable unless told, as driver memory is.
 */
export function gfp(kind: GfpKind, zone: GfpZone = 0, type: RequestType = UNMOVABLE): Gfp {
  const highestZone = HIGHEST_ZONE[zone];
  const cma = type === 1 ? ALLOC_CMA : 0;
  // Only where DMA32 stands behind the preferred zone is there somewhere else to go.
  const noFragment = highestZone === 2 ? ALLOC_NOFRAGMENT : 0;
  const slow = kind === 'kernel' ? 0 : ALLOC_NON_BLOCK;
  const high = kind === 'atomic' ? ALLOC_MIN_RESERVE | ALLOC_HIGHATOMIC : 0;
  return {
    kind,
    type,
    highestZone,
    fastFlags: ALLOC_WMARK_LOW | cma | noFragment,
    slowFlags: cma | slow | high,
  };
}
