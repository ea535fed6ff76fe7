/**
 * Direct compaction: movable pages are moved from the low end of a zone to free pages at its high
 * end, until the holes they leave grow together to a block of the order wanted.
 *
 * Follows try_to_compact_pages(), compact_zone(), compact_finished(), isolate_migratepages(),
 * isolate_freepages(), compaction_suitable(), compaction_deferred() and defer_compaction() in
 * mm/compaction.c and fragmentation_index() in mm/vmstat.c, Linux 6.12. It differs in starting at
 * the zone's ends every time (the kernel remembers where it stopped; its skip hints, kept here too,
 * say nearly the same), and in moving whatever is movable and not pinned: locks, writeback and
 * failing migrations are not modelled.
 */
import { giveBlock } from './buddy.ts';
import { ALLOC_CMA, type Gfp } from './gfp.ts';
import { CMA, MOVABLE } from './migrate-type.ts';
import { FreeScanner } from './free-scanner.ts';
import {
  ORDER_MASK,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  TAIL,
  USE_MASK,
  USED_MOVABLE,
} from './page-map.ts';
import { blockPages, fallbackAt, maySteal } from './page-steal.ts';
import { isWatermarkOk } from './watermarks.ts';
import { PAGE_ORDERS, type Zone } from './zone.ts';

/** What compaction did, in pages unless told; what a caller charges for. */
export interface CompactionTally {
  /** Zones gone through (each a stall of the request). */
  runs: number;
  /** Looked at by the migrate scanner and by the free scanner. */
  scanned: number;
  freeScanned: number;
  /** Moved to another place. */
  migrated: number;
  /** Zones passed over because earlier runs failed. */
  deferred: number;
}

/** Told of every block that migration moved: where it was, where it is now (page frames). */
export type OnMigrate = (fromPfn: number, toPfn: number, order: number) => void;

/** What compaction is asked for. Without `sync` it looks only where the kind itself lives. */
export interface CompactionAsk {
  readonly order: number;
  readonly gfp: Gfp;
  readonly sync: boolean;
}

/** `COMPACT_MAX_DEFER_SHIFT`: at most 64 requests are passed over. */
const MAX_DEFER_SHIFT = 6;
/** `sysctl_extfrag_threshold`: below it, lack of memory is to blame, not fragmentation. */
const FRAGMENTED = 500;
/** `PAGE_ALLOC_COSTLY_ORDER`. */
const COSTLY_ORDER = 3;

/**
 * Goes through the zones until one has a block of the order.
 *
 * @param tally is added to.
 * @returns the zone, or null when none came to have one.
 */
export function compactZones(
  zones: readonly Zone[],
  ask: CompactionAsk,
  tally: CompactionTally,
  onMigrate: OnMigrate,
): Zone | null {
  for (let at = zones.length - 1; at >= 0; at--) {
    const zone = zones[at] as Zone;
    if (zone.span.id > ask.gfp.highestZone) continue;
    if (isDeferred(zone, ask.order)) {
      tally.deferred++;
      continue;
    }
    if (isMet(zone, ask)) return zone;
    if (!isSuitable(zone, ask)) continue;
    tally.runs++;
    if (compactZone(zone, ask, tally, onMigrate)) return zone;
    if (ask.sync) defer(zone, ask.order);
  }
  return null;
}

/** Whether the request would be served as things are. */
function isMet(zone: Zone, { order, gfp }: CompactionAsk): boolean {
  return isWatermarkOk(zone, order, zone.marks.min + zone.boost, gfp.highestZone, gfp.slowFlags);
}

/** Forgets earlier failures at this order: a block was got (`compaction_defer_reset`). */
export function stopDeferring(zone: Zone, order: number): void {
  zone.compactConsidered = 0;
  zone.compactDeferShift = 0;
  if (order >= zone.compactOrderFailed) zone.compactOrderFailed = order + 1;
}

function isDeferred(zone: Zone, order: number): boolean {
  if (order < zone.compactOrderFailed || zone.compactDeferShift === 0) return false;
  zone.compactConsidered++;
  const limit = 1 << zone.compactDeferShift;
  if (zone.compactConsidered < limit) return true;
  zone.compactConsidered = limit;
  // Put off as long as can be: the hints are old by now.
  if (zone.compactDeferShift === MAX_DEFER_SHIFT) clearHints(zone);
  return false;
}

function defer(zone: Zone, order: number): void {
  zone.compactConsidered = 0;
  zone.compactDeferShift = Math.min(zone.compactDeferShift + 1, MAX_DEFER_SHIFT);
  zone.compactOrderFailed = Math.min(zone.compactOrderFailed, order);
}

/** `__reset_isolation_suitable`. */
function clearHints(zone: Zone): void {
  const { firstIndex, endIndex } = zone.span;
  zone.pages.skip.fill(0, firstIndex >>> PAGEBLOCK_ORDER, endIndex >>> PAGEBLOCK_ORDER);
}

/** Whether enough is free to move pages about, and fragmentation is what stands in the way. */
function isSuitable(zone: Zone, { order, gfp }: CompactionAsk): boolean {
  const { min, low } = zone.marks;
  const mark = (order > COSTLY_ORDER ? low : min) + zone.boost + (2 << order);
  if (!isWatermarkOk(zone, 0, mark, gfp.highestZone, ALLOC_CMA)) return false;
  if (order <= COSTLY_ORDER) return true;
  const index = fragmentationIndex(zone, order);
  return index < 0 || index > FRAGMENTED;
}

/** Thousandths: towards 0 memory is short, towards 1000 it is fragmented; -1000 a block is there. */
export function fragmentationIndex(zone: Zone, order: number): number {
  let pages = 0;
  let blocks = 0;
  for (let size = 0; size < PAGE_ORDERS; size++) {
    const count = zone.nrFree(size);
    if (count > 0 && size >= order) return -1000;
    blocks += count;
    pages += count << size;
  }
  if (blocks === 0) return 0;
  const wanted = Math.floor((pages * 1000) / (1 << order));
  return 1000 - Math.floor((1000 + wanted) / blocks);
}

/** Runs both scanners towards each other. @returns whether a block of the order came to be. */
function compactZone(
  zone: Zone,
  ask: CompactionAsk,
  tally: CompactionTally,
  onMigrate: OnMigrate,
): boolean {
  const { firstIndex, endIndex } = zone.span;
  const free = new FreeScanner(zone);
  let isDone = false;
  for (let block = firstIndex >>> PAGEBLOCK_ORDER; block < endIndex >>> PAGEBLOCK_ORDER; block++) {
    if (block >= free.block) break;
    if (zone.pages.skip[block] === 1 || !isSource(zone, block, ask)) continue;
    const moved = emptyBlock(zone, block, free, onMigrate);
    tally.scanned += PAGEBLOCK_PAGES;
    tally.migrated += moved;
    if (moved === 0 && !free.isExhausted) zone.pages.skip[block] = 1;
    isDone = isFinished(zone, ask);
    if (isDone || free.isExhausted) break;
  }
  tally.freeScanned += free.scanned;
  free.release();
  return isDone || isFinished(zone, ask);
}

/** Without `sync` only pageblocks of the kind asked for (`suitable_migration_source`). */
function isSource(zone: Zone, block: number, { gfp, sync }: CompactionAsk): boolean {
  const type = zone.pages.blockType[block];
  if (sync) return true;
  return gfp.type === MOVABLE ? type === MOVABLE || type === CMA : type === gfp.type;
}

/** Moves a pageblock's movable pages away, as long as there is room. @returns pages moved. */
function emptyBlock(zone: Zone, block: number, free: FreeScanner, onMigrate: OnMigrate): number {
  const { pages } = zone;
  const { state } = pages;
  let moved = 0;
  const end = (block + 1) * PAGEBLOCK_PAGES;
  for (let at = block * PAGEBLOCK_PAGES; at < end;) {
    const what = state[at] as number;
    if ((what & USE_MASK) === USED_MOVABLE) {
      const order = what & ORDER_MASK;
      const target = free.take(order, block);
      if (target === -1) return moved;
      state[target] = what;
      state[at] = TAIL;
      onMigrate(pages.pfnOf(at), pages.pfnOf(target), order);
      giveBlock(zone, at, order);
      moved += 1 << order;
    }
    at += blockPages(what);
  }
  return moved;
}

/** Whether the lists have a block for the kind, its own or one it may steal. */
function isFinished(zone: Zone, { order, gfp }: CompactionAsk): boolean {
  for (let size = order; size < PAGE_ORDERS; size++) {
    if (zone.first(size, gfp.type) !== -1) return true;
    if (gfp.type === MOVABLE && zone.first(size, CMA) !== -1) return true;
    if (fallbackAt(zone, size, gfp.type) !== -1 && maySteal(size, gfp.type)) return true;
  }
  return false;
}
