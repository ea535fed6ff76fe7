/**
 * A zone: its free lists, its watermarks and its counts.
 *
 * Follows struct zone and struct free_area in include/linux/mmzone.h and __add_to_free_list(),
 * __del_page_from_free_list() and account_freepages() in mm/page_alloc.c, Linux 6.12. It differs in
 * having no per-CPU lists (`pcp`): every request goes to the lists here.
 */
import type { Keeper } from './keeper.ts';
import { CMA, HIGHATOMIC, ISOLATE, MIGRATE_TYPES } from './migrate-type.ts';
import { FREE, type PageMap } from './page-map.ts';

export { PAGE_ORDERS } from './geometry.ts';

/** Zone numbers, the kernel's `enum zone_type` of x86-64. */
export type ZoneId = 0 | 1 | 2;
/** Names by number; the kernel prints them so. */
export const ZONE_NAMES = ['DMA', 'DMA32', 'Normal'] as const;
/** Page frames at which DMA32 and Normal begin: 16 MiB and 4 GiB. */
export const ZONE_START_PFN = [0, 4096, 1_048_576] as const;

/** A list's number: kinds 16 apart, so that a kind and an order make one index. */
const LISTS = MIGRATE_TYPES * 16;

/** The watermarks of a zone, in pages. */
export interface Watermarks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Pages kept back from requests that wanted DMA, DMA32 or Normal memory (`lowmem_reserve`). */
  readonly reserve: readonly [number, number, number];
}

/** Where a zone lies, in indices of the page map and in page frames. */
export interface ZoneSpan {
  readonly id: ZoneId;
  readonly firstIndex: number;
  /** One behind the last. */
  readonly endIndex: number;
  readonly startPfn: number;
  readonly spanned: number;
  readonly present: number;
}

/** One zone of the machine: its lists (through `link` and `unlink`), marks and counts. */
export class Zone {
  readonly pages: PageMap;
  readonly span: ZoneSpan;
  /** Pages handed to the allocator, used or free (`zone_managed_pages`). */
  managed = 0;
  /** Free pages that can be had at all (`NR_FREE_PAGES`), and those of them in CMA and highatomic. */
  free = 0;
  freeCma = 0;
  freeHighatomic = 0;
  /** Pages of pageblocks kept for atomic requests (`nr_reserved_highatomic`). */
  reservedHighatomic = 0;
  marks: Watermarks = { min: 0, low: 0, high: 0, reserve: [0, 0, 0] };
  /** `watermark_boost`: raises every mark until kswapd has run. */
  boost = 0;
  /** Compaction that failed is put off: `compact_considered`, `_defer_shift`, `_order_failed`. */
  compactConsidered = 0;
  compactDeferShift = 0;
  compactOrderFailed = 0;
  readonly #first = new Int32Array(LISTS).fill(-1);
  readonly #last = new Int32Array(LISTS).fill(-1);
  readonly #count = new Int32Array(LISTS);
  /** Per kind, a bit for every order that has a free block. */
  readonly #orders = new Int32Array(MIGRATE_TYPES);

  constructor(pages: PageMap, span: ZoneSpan) {
    this.pages = pages;
    this.span = span;
  }

  /** The zone in a copy of its page map. */
  copy(pages: PageMap): Zone {
    const copy = new Zone(pages, this.span);
    copy.managed = this.managed;
    copy.free = this.free;
    copy.freeCma = this.freeCma;
    copy.freeHighatomic = this.freeHighatomic;
    copy.reservedHighatomic = this.reservedHighatomic;
    copy.marks = this.marks;
    copy.boost = this.boost;
    copy.compactConsidered = this.compactConsidered;
    copy.compactDeferShift = this.compactDeferShift;
    copy.compactOrderFailed = this.compactOrderFailed;
    copy.#first.set(this.#first);
    copy.#last.set(this.#last);
    copy.#count.set(this.#count);
    copy.#orders.set(this.#orders);
    return copy;
  }

  keep(k: Keeper): void {
    this.managed = k.value(this.managed);
    this.free = k.value(this.free);
    this.freeCma = k.value(this.freeCma);
    this.freeHighatomic = k.value(this.freeHighatomic);
    this.reservedHighatomic = k.value(this.reservedHighatomic);
    this.marks = k.value(this.marks);
    this.boost = k.value(this.boost);
    this.compactConsidered = k.value(this.compactConsidered);
    this.compactDeferShift = k.value(this.compactDeferShift);
    this.compactOrderFailed = k.value(this.compactOrderFailed);
    k.array(this.#first);
    k.array(this.#last);
    k.array(this.#count);
    k.array(this.#orders);
  }

  get name(): string {
    return ZONE_NAMES[this.span.id];
  }

  /** First block in the list of an order and a kind, or -1. */
  first(order: number, type: number): number {
    return this.#first[(type << 4) | order] as number;
  }

  /** The block behind `index` in its list, or -1. */
  after(index: number): number {
    return this.pages.next[index >>> 1] as number;
  }

  /** Blocks in the list of an order and a kind. */
  blocks(order: number, type: number): number {
    return this.#count[(type << 4) | order] as number;
  }

  /** `free_area[order].nr_free`: blocks of an order, whatever they are meant for. */
  nrFree(order: number): number {
    let sum = 0;
    for (let type = 0; type < MIGRATE_TYPES; type++) sum += this.blocks(order, type);
    return sum;
  }

  /** A bit for every order of at least `order` that has a free block of the kind. */
  ordersFrom(order: number, type: number): number {
    return (this.#orders[type] as number) & (-1 << order);
  }

  /** Puts a block on its list, at the head unless told; counts of pages are the caller's. */
  link(index: number, order: number, type: number, toTail: boolean): void {
    const list = (type << 4) | order;
    const { next, prev, state } = this.pages;
    const pair = index >>> 1;
    state[index] = FREE | order;
    const neighbour = (toTail ? this.#last[list] : this.#first[list]) as number;
    next[pair] = toTail ? -1 : neighbour;
    prev[pair] = toTail ? neighbour : -1;
    if (neighbour === -1) {
      this.#first[list] = index;
      this.#last[list] = index;
      this.#orders[type] = (this.#orders[type] as number) | (1 << order);
    } else if (toTail) {
      next[neighbour >>> 1] = index;
      this.#last[list] = index;
    } else {
      prev[neighbour >>> 1] = index;
      this.#first[list] = index;
    }
    this.#count[list] = (this.#count[list] as number) + 1;
  }

  /** Takes a block off its list. Its state is left to the caller. */
  unlink(index: number, order: number, type: number): void {
    const list = (type << 4) | order;
    const { next, prev } = this.pages;
    const pair = index >>> 1;
    const before = prev[pair] as number;
    const behind = next[pair] as number;
    if (before === -1) this.#first[list] = behind;
    else next[before >>> 1] = behind;
    if (behind === -1) this.#last[list] = before;
    else prev[behind >>> 1] = before;
    const left = (this.#count[list] as number) - 1;
    this.#count[list] = left;
    if (left === 0) this.#orders[type] = (this.#orders[type] as number) & ~(1 << order);
  }

  /** Counts `pages` more free pages (fewer when negative) of a kind. Isolated ones are not free. */
  account(pages: number, type: number): void {
    if (type === ISOLATE) return;
    this.free += pages;
    if (type === CMA) this.freeCma += pages;
    else if (type === HIGHATOMIC) this.freeHighatomic += pages;
  }
}
