/**
 * How low a zone's free memory may fall, and for whom.
 *
 * Follows calculate_min_free_kbytes(), __setup_per_zone_wmarks(), setup_per_zone_lowmem_reserve()
 * and __zone_watermark_ok() in mm/page_alloc.c, Linux 6.12. It differs in not knowing khugepaged,
 * which raises `min_free_kbytes` where transparent hugepages are on; `minFreeKib` says what it is.
 */
import {
  ALLOC_CMA,
  ALLOC_HIGHATOMIC,
  ALLOC_MIN_RESERVE,
  ALLOC_NON_BLOCK,
  ALLOC_RESERVES,
} from './gfp.ts';
import { CMA, HIGHATOMIC, MOVABLE, RECLAIMABLE, UNMOVABLE } from './migrate-type.ts';
import type { Watermarks, Zone, ZoneId } from './zone.ts';

/** Bounds of `min_free_kbytes`, in KiB. */
const LEAST_MIN_FREE_KIB = 128;
const MOST_MIN_FREE_KIB = 262_144;
/** `watermark_scale_factor`, in ten-thousandths of a zone. */
const SCALE_FACTOR = 10;
/** `sysctl_lowmem_reserve_ratio` of DMA and DMA32. */
const RESERVE_RATIO = 256;

/** `min_free_kbytes` for `pages` of memory, in KiB: grows with the square root. */
export function minFreeKib(pages: number): number {
  const kib = Math.floor(Math.sqrt(pages * 4 * 16));
  return Math.min(Math.max(kib, LEAST_MIN_FREE_KIB), MOST_MIN_FREE_KIB);
}

/**
 * The watermarks of each zone.
 *
 * @param managed pages of DMA, DMA32 and Normal, 0 for a zone that is not there.
 * @param minKib `min_free_kbytes`.
 */
export function setUpWatermarks(
  managed: readonly [number, number, number],
  minKib: number,
): readonly Watermarks[] {
  const total = managed[0] + managed[1] + managed[2];
  const minPages = Math.floor(minKib / 4);
  return managed.map((pages, id) => {
    const min = total === 0 ? 0 : Math.floor((minPages * pages) / total);
    const gap = Math.max(Math.floor(min / 4), Math.floor((pages * SCALE_FACTOR) / 10_000));
    return { min, low: min + gap, high: min + 2 * gap, reserve: reserveOf(managed, id as ZoneId) };
  });
}

/** What a zone keeps back from requests that could have gone to a higher one. */
function reserveOf(
  managed: readonly [number, number, number],
  id: ZoneId,
): readonly [number, number, number] {
  const reserve: [number, number, number] = [0, 0, 0];
  let above = 0;
  for (let zone = id + 1; zone < 3; zone++) {
    above += managed[zone] ?? 0;
    if (managed[id] > 0) reserve[zone as ZoneId] = Math.floor(above / RESERVE_RATIO);
  }
  return reserve;
}

/**
 * Whether a zone may give a block of `order` and stay above a mark (`__zone_watermark_ok`).
 *
 * @param mark pages, the boost included.
 * @param highestZone the highest zone that the request could use: decides the reserve.
 * @param flags `ALLOC_*`.
 */
export function isWatermarkOk(
  zone: Zone,
  order: number,
  mark: number,
  highestZone: ZoneId,
  flags: number,
): boolean {
  let usable = zone.free - ((1 << order) - 1);
  if ((flags & ALLOC_RESERVES) === 0) usable -= zone.freeHighatomic;
  if ((flags & ALLOC_CMA) === 0) usable -= zone.freeCma;
  let least = mark;
  if ((flags & ALLOC_MIN_RESERVE) !== 0) {
    least -= Math.floor(least / 2);
    if ((flags & ALLOC_NON_BLOCK) !== 0) least -= Math.floor(least / 4);
  }
  if (usable <= least + zone.marks.reserve[highestZone]) return false;
  return order === 0 || hasBlock(zone, order, flags);
}

/** Whether there is a free block of at least `order` that the request may have. */
function hasBlock(zone: Zone, order: number, flags: number): boolean {
  let orders =
    zone.ordersFrom(order, UNMOVABLE) |
    zone.ordersFrom(order, MOVABLE) |
    zone.ordersFrom(order, RECLAIMABLE);
  if ((flags & ALLOC_CMA) !== 0) orders |= zone.ordersFrom(order, CMA);
  if ((flags & ALLOC_HIGHATOMIC) !== 0) orders |= zone.ordersFrom(order, HIGHATOMIC);
  return orders !== 0;
}
