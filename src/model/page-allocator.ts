/**
 * The page allocator: which zone serves a request, and from which lists.
 *
 * Follows __alloc_pages_noprof(), get_page_from_freelist(), rmqueue_buddy(), __rmqueue(),
 * reserve_highatomic_pageblock(), unreserve_highatomic_pageblock(), __alloc_pages_slowpath() and
 * split_large_buddy() in mm/page_alloc.c, Linux 6.12. It differs in having one node, no per-CPU
 * lists and no reclaim: a request that waits finds what compaction makes, and nothing that kswapd
 * or direct reclaim would have freed.
 *
 * Pure: no clock, no chance. `outcome` is filled again by every request, so that none allocates.
 */
import { giveBlock, takeSmallest } from './buddy.ts';
import { compactZones, stopDeferring, type CompactionTally, type OnMigrate } from './compaction.ts';
import {
  ALLOC_CMA,
  ALLOC_HIGHATOMIC,
  ALLOC_MIN_RESERVE,
  ALLOC_NOFRAGMENT,
  ALLOC_NON_BLOCK,
  ALLOC_WMARK_LOW,
  type Gfp,
} from './gfp.ts';
import { MAX_PAGE_ORDER } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import { CMA, HIGHATOMIC, isMergeable } from './migrate-type.ts';
import {
  ORDER_MASK,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  PINNED,
  TAIL,
  USE_MASK,
  USED,
  USED_MOVABLE,
  type PageMap,
} from './page-map.ts';
import { moveFreeBlocks, takeFallback } from './page-steal.ts';
import { isWatermarkOk } from './watermarks.ts';
import type { PageMemory } from './boot-memory.ts';
import type { Zone, ZoneId } from './zone.ts';

/** `PAGE_ALLOC_COSTLY_ORDER`: above it a request is given up rather than repeated. */
const COSTLY_ORDER = 3;

/** How a request ended. */
export type AllocPath = 'fast' | 'slow' | 'compacted' | 'failed';

/** What the last request came to. */
export interface AllocOutcome {
  /** Zone that served it; null for a failure. */
  zone: Zone | null;
  path: AllocPath;
  /** Compaction done for it; all 0 when there was none. */
  readonly compaction: CompactionTally;
}

/** The page allocator of one machine. Takes and gives page frame numbers. */
export class PageAllocator {
  readonly pages: PageMap;
  /** Zones with pages, lowest first. */
  readonly zones: readonly Zone[];
  readonly outcome: AllocOutcome = {
    zone: null,
    path: 'failed',
    compaction: { runs: 0, scanned: 0, freeScanned: 0, migrated: 0, deferred: 0 },
  };
  /** Whether requests that may sleep try to form a block (`CONFIG_COMPACTION`). */
  compaction = true;
  /** Called for every migrated block: owners keep their page frames in step. */
  onMigrate: OnMigrate = () => undefined;
  /** Set when a request fell short of the low mark: kswapd would be woken. */
  kswapdWoken = false;

  constructor({ pages, zones }: PageMemory) {
    this.pages = pages;
    this.zones = zones;
  }

  /**
   * Takes 2^order pages.
   *
   * @param order 0 to 10.
   * @returns the first page's frame number, naturally aligned, or -1.
   * @throws RangeError when the order is not one.
   */
  alloc(order: number, gfp: Gfp): number {
    if (!isOrder(order)) throw new RangeError(`there are no blocks of order ${order}`);
    const { outcome } = this;
    this.pages.writes++;
    if (outcome.path === 'compacted' || outcome.path === 'failed') {
      Object.assign(outcome.compaction, NO_COMPACTION);
    }
    let index = this.#fromFreeLists(order, gfp, gfp.fastFlags);
    outcome.path = 'fast';
    if (index === -1) index = this.#slowPath(order, gfp);
    if (index === -1) {
      outcome.zone = null;
      outcome.path = 'failed';
      return -1;
    }
    this.pages.state[index] = (USED + (gfp.type << 4)) | order;
    return this.pages.pfnOf(index);
  }

  /**
   * Gives 2^order pages back, as they were taken. Parts of a block need a `split` before.
   *
   * @throws RangeError when no block of that order in use begins there.
   */
  free(pfn: number, order: number): void {
    const index = this.pages.indexOf(pfn);
    const what = this.pages.state[index] ?? 0;
    if (what < USED || (what & ORDER_MASK) !== order) {
      throw new RangeError(`no block of order ${order} in use at frame ${pfn}`);
    }
    this.pages.writes++;
    giveBack(this.zoneAt(index), index, order);
  }

  /**
   * Makes single pages of a block in use, so that they can be given back one by one (`split_page`).
   *
   * @throws RangeError when no block of that order in use begins there.
   */
  split(pfn: number, order: number): void {
    const index = this.pages.indexOf(pfn);
    const what = this.#usedAt(pfn);
    if ((what & ORDER_MASK) !== order) throw new RangeError(`no block of order ${order} at ${pfn}`);
    this.pages.writes++;
    this.pages.state.fill(what & USE_MASK, index, index + (1 << order));
  }

  /** Holds a movable block in its place, or lets it go again. @throws RangeError for any other. */
  pin(pfn: number, isPinned: boolean): void {
    const what = this.#usedAt(pfn);
    if ((what & USE_MASK) !== (isPinned ? USED_MOVABLE : PINNED)) {
      throw new RangeError(`the block at frame ${pfn} cannot be ${isPinned ? 'pinned' : 'let go'}`);
    }
    const use = isPinned ? PINNED : USED_MOVABLE;
    this.pages.writes++;
    this.pages.state[this.pages.indexOf(pfn)] = use | (what & ORDER_MASK);
  }

  /** The zone of the page at `index`. */
  zoneAt(index: number): Zone {
    const id = this.pages.zoneOfChunk[index >>> MAX_PAGE_ORDER];
    for (const zone of this.zones) if (zone.span.id === id) return zone;
    throw new RangeError(`page ${index} is in no zone`);
  }

  /** What kswapd does to the marks and to compaction's memory when it has freed enough and sleeps. */
  kswapdSlept(): void {
    this.kswapdWoken = false;
    for (const zone of this.zones) zone.boost = 0;
    this.pages.writes++;
    this.pages.skip.fill(0);
  }

  keep(k: Keeper): void {
    const { outcome } = this;
    outcome.zone = k.value(outcome.zone);
    outcome.path = k.value(outcome.path);
    k.fields(outcome.compaction);
    this.compaction = k.value(this.compaction);
    this.kswapdWoken = k.value(this.kswapdWoken);
    this.pages.keep(k);
    for (const zone of this.zones) zone.keep(k);
  }

  #usedAt(pfn: number): number {
    const index = this.pages.indexOf(pfn);
    const what = this.pages.state[index] ?? 0;
    if (what < USED) throw new RangeError(`no block in use at frame ${pfn}`);
    return what;
  }

  /** Zones from the highest that will do downwards, first with the nicer flags. */
  #fromFreeLists(order: number, gfp: Gfp, flags: number): number {
    const { zones } = this;
    for (let at = zones.length - 1; at >= 0; at--) {
      const zone = zones[at] as Zone;
      if (zone.span.id > gfp.highestZone || !isAbove(zone, order, gfp.highestZone, flags)) continue;
      const index = takeFrom(zone, order, gfp.type, flags);
      if (index === -1) continue;
      if ((flags & ALLOC_HIGHATOMIC) !== 0) reserveHighatomic(zone, index, order);
      this.outcome.zone = zone;
      return index;
    }
    // Rather mix kinds in a pageblock than fail.
    if ((flags & ALLOC_NOFRAGMENT) === 0) return -1;
    return this.#fromFreeLists(order, gfp, flags & ~ALLOC_NOFRAGMENT);
  }

  /** The min mark, then compaction as far as the request may wait. */
  #slowPath(order: number, gfp: Gfp): number {
    this.kswapdWoken = true;
    const { outcome } = this;
    outcome.path = 'slow';
    // Single pages leave the reserve of atomic requests alone until nothing else is left.
    const flags = order === 0 ? gfp.slowFlags & ~ALLOC_HIGHATOMIC : gfp.slowFlags;
    const index = this.#fromFreeLists(order, gfp, flags);
    if (index !== -1 || gfp.kind !== 'kernel') return index;
    outcome.path = 'compacted';
    // Costly orders try compaction before they would reclaim, lightly; everybody does after.
    const isCostly = order > COSTLY_ORDER;
    const early = isCostly ? this.#compacted(order, gfp, false) : -1;
    if (early !== -1) return early;
    if (unreserveHighatomic(this.zones, gfp)) {
      const reserved = this.#fromFreeLists(order, gfp, gfp.slowFlags);
      if (reserved !== -1) return reserved;
    }
    return this.#compacted(order, gfp, true);
  }

  #compacted(order: number, gfp: Gfp, sync: boolean): number {
    if (!this.compaction || order === 0) return -1;
    const { compaction } = this.outcome;
    const zone = compactZones(this.zones, { order, gfp, sync }, compaction, this.onMigrate);
    const index = this.#fromFreeLists(order, gfp, gfp.slowFlags);
    if (zone !== null && index !== -1) stopDeferring(zone, order);
    return index;
  }
}

const NO_COMPACTION: Readonly<CompactionTally> = {
  runs: 0,
  scanned: 0,
  freeScanned: 0,
  migrated: 0,
  deferred: 0,
};

function isOrder(order: number): boolean {
  return order >= 0 && order <= MAX_PAGE_ORDER && Number.isInteger(order);
}

/** Whether the zone may serve the request at the mark its flags name. */
function isAbove(zone: Zone, order: number, highest: ZoneId, flags: number): boolean {
  const { min, low } = zone.marks;
  const mark = (flags & ALLOC_WMARK_LOW) !== 0 ? low : min;
  if (isWatermarkOk(zone, order, mark + zone.boost, highest, flags)) return true;
  // A single page for an atomic request does not wait for a boost to wear off.
  const isUrgent =
    order === 0 && (flags & (ALLOC_WMARK_LOW | ALLOC_MIN_RESERVE)) === ALLOC_MIN_RESERVE;
  return isUrgent && zone.boost > 0 && isWatermarkOk(zone, 0, min, highest, flags);
}

/** The order of lists within a zone (`rmqueue_buddy` and `__rmqueue`). */
function takeFrom(zone: Zone, order: number, type: number, flags: number): number {
  if ((flags & ALLOC_HIGHATOMIC) !== 0) {
    const index = takeSmallest(zone, order, HIGHATOMIC);
    if (index !== -1) return index;
  }
  const mayUseCma = (flags & ALLOC_CMA) !== 0;
  // Movable pages go to CMA first when half of the free memory is there, or unmovable ones starve.
  if (mayUseCma && zone.freeCma * 2 > zone.free) {
    const index = takeSmallest(zone, order, CMA);
    if (index !== -1) return index;
  }
  let index = takeSmallest(zone, order, type);
  if (index === -1 && mayUseCma) index = takeSmallest(zone, order, CMA);
  if (index === -1) index = takeFallback(zone, order, type, flags);
  if (index === -1 && (flags & ALLOC_NON_BLOCK) !== 0) {
    index = takeSmallest(zone, order, HIGHATOMIC);
  }
  return index;
}

/** Frees a block pageblock by pageblock, for each goes to the lists of its own kind. */
export function giveBack(zone: Zone, index: number, order: number): void {
  if (order <= PAGEBLOCK_ORDER) {
    giveBlock(zone, index, order);
    return;
  }
  zone.pages.state[index + PAGEBLOCK_PAGES] = TAIL;
  for (let at = index; at < index + (1 << order); at += PAGEBLOCK_PAGES) {
    giveBlock(zone, at, PAGEBLOCK_ORDER);
  }
}

/** Keeps the pageblock of an atomic request's block for others like it, up to 1 % of the zone. */
function reserveHighatomic(zone: Zone, index: number, order: number): void {
  if (order === 0) return;
  const share = Math.floor(zone.managed / 100);
  if (share < PAGEBLOCK_PAGES) return;
  const most = Math.ceil(share / PAGEBLOCK_PAGES) * PAGEBLOCK_PAGES;
  const { blockType, state } = zone.pages;
  const block = index >>> PAGEBLOCK_ORDER;
  if (zone.reservedHighatomic >= most || !isMergeable(blockType[block] as number)) return;
  // The block is on no list any more; marked as used here, so that it is not moved to another.
  state[index] = USED | order;
  if (order < PAGEBLOCK_ORDER) moveFreeBlocks(zone, block, HIGHATOMIC);
  else blockType.fill(HIGHATOMIC, block, block + (1 << (order - PAGEBLOCK_ORDER)));
  zone.reservedHighatomic += Math.max(PAGEBLOCK_PAGES, 1 << order);
}

/** Gives one reserved pageblock back to the kind that needs it. @returns whether there was one. */
function unreserveHighatomic(zones: readonly Zone[], gfp: Gfp): boolean {
  for (let at = zones.length - 1; at >= 0; at--) {
    const zone = zones[at] as Zone;
    // The last pageblock stays, or atomic requests would have none.
    if (zone.span.id > gfp.highestZone || zone.reservedHighatomic <= PAGEBLOCK_PAGES) continue;
    const orders = zone.ordersFrom(0, HIGHATOMIC);
    if (orders === 0) continue;
    const order = 31 - Math.clz32(orders & -orders);
    const block = zone.first(order, HIGHATOMIC) >>> PAGEBLOCK_ORDER;
    const blocks = order > PAGEBLOCK_ORDER ? 2 : 1;
    for (let moved = 0; moved < blocks; moved++) moveFreeBlocks(zone, block + moved, gfp.type);
    zone.reservedHighatomic -= blocks * PAGEBLOCK_PAGES;
    return true;
  }
  return false;
}
