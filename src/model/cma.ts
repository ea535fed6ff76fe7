/**
 * A CMA region: reserved at boot, lent to movable pages, taken back range by range.
 *
 * Follows cma_alloc() and cma_release() in mm/cma.c, alloc_contig_range() in mm/page_alloc.c and
 * start_isolate_page_range() in mm/page_isolation.c, Linux 6.12. It differs in its bitmap, which
 * has a byte a page, and in trying a range once, where the kernel repeats migrations that failed.
 */
import { giveBlock } from './buddy.ts';
import { gfp } from './gfp.ts';
import { MAX_PAGE_ORDER } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import { CMA, ISOLATE, MOVABLE } from './migrate-type.ts';
import type { PageAllocator } from './page-allocator.ts';
import {
  CHUNK_PAGES,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  TAIL,
  USE_MASK,
  USED,
  USED_MOVABLE,
} from './page-map.ts';
import { blockPages, moveFreeBlocks } from './page-steal.ts';
import type { PageRange } from './boot-memory.ts';
import type { Zone } from './zone.ts';

/** What the last `alloc` did; filled again by every call. */
export interface CmaOutcome {
  /** Whether a range was taken. */
  isGot: boolean;
  /** Ranges tried, the last one included. */
  ranges: number;
  /** Pages moved out of the way, in ranges that failed too. */
  migrated: number;
  /** Frame of the page that made the last failing range fail; -1 for none. */
  busyPfn: number;
  /** Whether it ended because there was nowhere to move pages to. */
  outOfMemory: boolean;
}

const NOTHING = { ranges: 0, migrated: 0, busyPfn: -1, outOfMemory: false };

/** Where movable pages go when their range is taken back. */
const MIGRATION_TARGET = gfp('kernel', 0, MOVABLE);

/** One CMA region, on top of the page allocator that lends it out meanwhile. */
export class CmaArea {
  readonly range: PageRange;
  readonly outcome: CmaOutcome = { isGot: false, ...NOTHING };
  /** Pages given out. */
  used = 0;
  readonly #allocator: PageAllocator;
  readonly #zone: Zone;
  /** Index of the region's first page. */
  readonly #base: number;
  /** 1 for each page given out. */
  readonly #taken: Uint8Array;

  /**
   * @param range as `BootMemory.cma` named it.
   * @throws RangeError when its pageblocks are not CMA.
   */
  constructor(allocator: PageAllocator, range: PageRange) {
    this.#allocator = allocator;
    this.range = range;
    this.#base = allocator.pages.indexOf(range.startPfn);
    if (allocator.pages.blockType[this.#base >>> PAGEBLOCK_ORDER] !== CMA) {
      throw new RangeError(`frame ${range.startPfn} is in no CMA region`);
    }
    this.#zone = allocator.zoneAt(this.#base);
    this.#taken = new Uint8Array(range.pages);
  }

  /**
   * Takes `count` pages in a row, aligned to 2^alignOrder page frames: the first range that can be
   * emptied. A page that cannot be moved fails its range, and the next is tried.
   *
   * @returns the first page's frame number, or -1.
   */
  alloc(count: number, alignOrder: number): number {
    const { outcome, range } = this;
    Object.assign(outcome, { isGot: false }, NOTHING);
    this.#zone.pages.writes++;
    const step = 1 << alignOrder;
    for (let from = 0; ;) {
      from = this.#nextRoom(from, count, step);
      if (from === -1) return -1;
      outcome.ranges++;
      if (this.#takeBack(this.#base + from, count)) {
        this.#taken.fill(1, from, from + count);
        this.used += count;
        outcome.isGot = true;
        return range.startPfn + from;
      }
      if (outcome.outOfMemory) return -1;
      from += step;
    }
  }

  /**
   * Gives `count` pages back to the region.
   *
   * @throws RangeError when they were not given out.
   */
  free(pfn: number, count: number): void {
    const from = pfn - this.range.startPfn;
    for (let page = from; page < from + count; page++) {
      if (this.#taken[page] !== 1) throw new RangeError(`frame ${pfn} was not given out by CMA`);
    }
    this.#taken.fill(0, from, from + count);
    this.#zone.pages.writes++;
    this.used -= count;
    for (let page = from; page < from + count; page++) giveBlock(this.#zone, this.#base + page, 0);
  }

  /** The region in a copy of its allocator. */
  copy(allocator: PageAllocator): CmaArea {
    const copy = new CmaArea(allocator, this.range);
    copy.#taken.set(this.#taken);
    copy.used = this.used;
    return copy;
  }

  keep(k: Keeper): void {
    k.fields(this.outcome);
    this.used = k.value(this.used);
    k.array(this.#taken);
  }

  /** Whether a page frame lies in the region. */
  holds(pfn: number): boolean {
    return pfn >= this.range.startPfn && pfn < this.range.startPfn + this.range.pages;
  }

  /** First aligned run of pages that are not given out, from `from` on; -1 when there is none. */
  #nextRoom(from: number, count: number, step: number): number {
    const { startPfn, pages } = this.range;
    const align = (page: number) => Math.ceil((startPfn + page) / step) * step - startPfn;
    for (let start = align(from); start + count <= pages;) {
      const taken = this.#taken.subarray(start, start + count).lastIndexOf(1);
      if (taken === -1) return start;
      start = align(start + taken + 1);
    }
    return -1;
  }

  /** Empties a range and takes its pages. @returns false when a page would not go. */
  #takeBack(start: number, count: number): boolean {
    const first = start >>> PAGEBLOCK_ORDER;
    const last = (start + count - 1) >>> PAGEBLOCK_ORDER;
    // While isolated, pages freed here are not handed out again.
    for (let block = first; block <= last; block++) moveFreeBlocks(this.#zone, block, ISOLATE);
    const isEmpty = this.#evacuate(start, start + count);
    if (isEmpty) this.#carve(start, start + count);
    for (let block = first; block <= last; block++) moveFreeBlocks(this.#zone, block, CMA);
    return isEmpty;
  }

  /** Moves every block that lies in the range, or reaches into it, somewhere else. */
  #evacuate(start: number, end: number): boolean {
    const { pages, onMigrate } = this.#allocator;
    const { state } = pages;
    const { outcome } = this;
    for (let at = walkFrom(state, start); at < end;) {
      const what = state[at] as number;
      const count = blockPages(what);
      const use = what & USE_MASK;
      if (at + count > start && what !== TAIL && use !== FREE) {
        const order = what & ORDER_MASK;
        if (use !== USED_MOVABLE) {
          outcome.busyPfn = pages.pfnOf(at);
          return false;
        }
        const target = this.#allocator.alloc(order, MIGRATION_TARGET);
        if (target === -1) {
          outcome.outOfMemory = true;
          return false;
        }
        outcome.migrated += count;
        onMigrate(pages.pfnOf(at), target, order);
        this.#giveParts(at, at + count);
      }
      at += count;
    }
    return true;
  }

  /** Takes the free pages of a range off the lists; what reaches beyond it stays free. */
  #carve(start: number, end: number): void {
    const zone = this.#zone;
    const { state } = zone.pages;
    for (let at = start & -PAGEBLOCK_PAGES; at < end;) {
      const what = state[at] as number;
      const count = blockPages(what);
      if ((what & USE_MASK) === FREE && at + count > start) {
        zone.unlink(at, what & ORDER_MASK, ISOLATE);
        zone.account(-count, ISOLATE);
        state.fill(USED, Math.max(at, start), Math.min(at + count, end));
        // Marked as used first, or the parts would grow back into the range.
        this.#giveParts(at, Math.min(at + count, start));
        this.#giveParts(Math.max(at, end), at + count);
      }
      at += count;
    }
  }

  /** Frees pages from `from` to `to`, one by one: they grow together as far as they go. */
  #giveParts(from: number, to: number): void {
    const { state } = this.#zone.pages;
    if (from < to) state.fill(TAIL, from, to);
    for (let at = from; at < to; at++) giveBlock(this.#zone, at, 0);
  }
}

/** Where a walk has to begin to meet the block that holds page `start`. */
function walkFrom(state: Uint8Array, start: number): number {
  const chunk = start & -CHUNK_PAGES;
  // Only a block of two pageblocks reaches from one into the next.
  const isOne = ((state[chunk] as number) & ORDER_MASK) === MAX_PAGE_ORDER;
  return isOne ? chunk : start & -PAGEBLOCK_PAGES;
}
