/**
 * Where compaction moves pages to: free blocks collected from the high end of a zone downwards.
 *
 * Follows isolate_freepages(), suitable_migration_target(), compaction_alloc() and
 * __isolate_free_page() in mm/compaction.c and mm/page_alloc.c, Linux 6.12. It differs in taking
 * block after block as they are needed, where the kernel takes a batch and hands back the rest.
 */
import { giveBlock } from './buddy.ts';
import { ALLOC_CMA } from './gfp.ts';
import { CMA, MOVABLE } from './migrate-type.ts';
import { FREE, HELD, ORDER_MASK, PAGEBLOCK_ORDER, PAGEBLOCK_PAGES, USE_MASK } from './page-map.ts';
import { blockPages } from './page-steal.ts';
import { isWatermarkOk } from './watermarks.ts';
import { PAGE_ORDERS, type Zone } from './zone.ts';

/** The free scanner of one compaction run; `release` ends it. */
export class FreeScanner {
  /** Pageblock looked at; those above it are done. */
  block: number;
  /** Pages looked at so far. */
  scanned = 0;
  /** Whether there was no room for a page: the scanners met, or memory is too short. */
  isExhausted = false;
  readonly #zone: Zone;
  #at: number;
  /** Blocks taken off the lists and not used yet, by order. */
  readonly #held: number[][] = Array.from({ length: PAGE_ORDERS }, () => []);

  /** Starts at the zone's end. */
  constructor(zone: Zone) {
    this.#zone = zone;
    this.block = (zone.span.endIndex >>> PAGEBLOCK_ORDER) - 1;
    this.#at = this.block * PAGEBLOCK_PAGES;
  }

  /**
   * A block to move pages to, from above pageblock `source`.
   *
   * @returns its index, off the lists, or -1 when the scanners have met or memory is too short.
   */
  take(order: number, source: number): number {
    for (;;) {
      const held = this.#fromHeld(order);
      if (held !== -1) return held;
      if (this.#collect(source)) continue;
      this.isExhausted = true;
      return -1;
    }
  }

  /** Gives back what was collected and not used. */
  release(): void {
    for (const [order, blocks] of this.#held.entries()) {
      for (const index of blocks) giveBlock(this.#zone, index, order);
      blocks.length = 0;
    }
  }

  /** The smallest held block that will do, cut to size. */
  #fromHeld(order: number): number {
    for (let size = order; size < PAGE_ORDERS; size++) {
      const index = this.#held[size]?.pop();
      if (index === undefined) continue;
      for (let half = size - 1; half >= order; half--) this.#hold(index + (1 << half), half);
      return index;
    }
    return -1;
  }

  #hold(index: number, order: number): void {
    this.#zone.pages.state[index] = HELD | order;
    this.#held[order]?.push(index);
  }

  /** Holds the next free block above pageblock `source`. @returns false when there is none. */
  #collect(source: number): boolean {
    const { pages } = this.#zone;
    while (this.block > source) {
      const end = (this.block + 1) * PAGEBLOCK_PAGES;
      if (!this.#isTarget()) this.#at = end;
      while (this.#at < end) {
        const index = this.#at;
        const what = pages.state[index] as number;
        const count = blockPages(what);
        this.#at += count;
        this.scanned += count;
        if ((what & USE_MASK) === FREE) return this.#isolate(index, what & ORDER_MASK);
      }
      this.block--;
      this.#at = this.block * PAGEBLOCK_PAGES;
    }
    return false;
  }

  /** Only movable pageblocks, and none that is free as a whole (`suitable_migration_target`). */
  #isTarget(): boolean {
    const { pages, span } = this.#zone;
    if (this.block * PAGEBLOCK_PAGES < span.firstIndex) return false;
    const type = pages.blockType[this.block];
    if (type !== MOVABLE && type !== CMA) return false;
    const start = this.block * PAGEBLOCK_PAGES;
    if (pages.state[start] === (FREE | PAGEBLOCK_ORDER)) return false;
    // The second half of a free block of two pageblocks.
    return pages.state[start & ~PAGEBLOCK_PAGES] !== (FREE | (PAGEBLOCK_ORDER + 1));
  }

  /** Takes a free block off its list, unless that brings the zone below its min mark. */
  #isolate(index: number, order: number): boolean {
    const zone = this.#zone;
    const type = zone.pages.blockType[index >>> PAGEBLOCK_ORDER] as number;
    const mark = zone.marks.min + (1 << order);
    if (!isWatermarkOk(zone, 0, mark, 0, ALLOC_CMA)) return false;
    zone.unlink(index, order, type);
    zone.account(-(1 << order), type);
    this.#hold(index, order);
    return true;
  }
}
