/**
 * Would growing succeed now, and at which order? The page allocator's own answer: its state is
 * copied, the worker's request is made of the copy, compaction included, and the copy is dropped.
 *
 * Follows swiotlb_dyn_alloc() and swiotlb_alloc_pool() in kernel/dma/swiotlb.c, Linux 6.12, by
 * calling what the worker calls.
 */
import { growthCost } from './growth-cost.ts';
import { NotedPages, type GrowthTry } from './growth-log.ts';
import type { World } from './world.ts';
import { MAX_ORDER_SLOTS, PAGE_BYTES } from '../model/geometry.ts';
import { allocatePool } from '../model/growth.ts';
import { CMA, MIGRATE_NAMES, UNMOVABLE } from '../model/migrate-type.ts';
import { copyAllocator } from '../model/page-copy.ts';
import { PAGEBLOCK_ORDER } from '../model/page-map.ts';
import type { GfpZone } from '../model/page-source.ts';

/** One block asked for, and more of it than an attempt in the log keeps. */
export interface WhatIfTry extends GrowthTry {
  /** Kind of the pageblock it would come from, when that is another kind's: a fall-back. */
  readonly fallback: string | null;
  /** First page frame it would take, or -1. */
  readonly pfn: number;
  /** Pages looked at by compaction, and zones passed over because earlier runs failed. */
  readonly scanned: number;
  readonly deferred: number;
}

/** The answer. */
export interface WhatIf {
  readonly timeNs: number;
  readonly event: number;
  /** Whether the machine's allocator may grow at all (`can_grow`). */
  readonly canGrow: boolean;
  /** Slots that the worker wants: `default_nslabs`, and the most one block can hold. */
  readonly wantedSlots: number;
  readonly cappedSlots: number;
  readonly tries: readonly WhatIfTry[];
  /** Slots of the pool it would get, 0 = none. */
  readonly slots: number;
  /** Conversions it would take: calls, 4 KiB pages, 2 MiB pages. */
  readonly converted: readonly [calls: number, small: number, large: number];
  /** What the model charges for it. */
  readonly costNs: number;
}

/** What the log's notes leave out. */
type More = Pick<WhatIfTry, 'fallback' | 'pfn' | 'scanned' | 'deferred'>;

/** The noted door to a copy, with more noted than the log keeps. */
class TriedPages extends NotedPages {
  readonly #more: More[] = [];

  get tries(): readonly WhatIfTry[] {
    const none: More = { fallback: null, pfn: -1, scanned: 0, deferred: 0 };
    return this.taken().tries.map((one, row) => ({ ...one, ...(this.#more[row] ?? none) }));
  }

  override allocPages(order: number, zone: GfpZone, maySleep: boolean): number {
    const kinds = this.guest.allocator.pages.blockType.slice();
    const addr = super.allocPages(order, zone, maySleep);
    this.#note(addr === -1 ? -1 : addr / PAGE_BYTES, kinds);
    return addr;
  }

  override allocSlotArray(order: number, maySleep: boolean): boolean {
    const got = super.allocSlotArray(order, maySleep);
    this.#note(-1, null);
    return got;
  }

  #note(pfn: number, kinds: Uint8Array | null): void {
    const { pages, outcome } = this.guest.allocator;
    const { scanned, deferred } = outcome.compaction;
    const kind = pfn === -1 ? UNMOVABLE : kinds?.[pages.indexOf(pfn) >>> PAGEBLOCK_ORDER];
    // What a CMA region gives is of no other kind: it is what the region is for.
    const isOwn = kind === undefined || kind === UNMOVABLE || kind === CMA;
    const fallback = isOwn ? null : (MIGRATE_NAMES[kind] ?? null);
    this.#more.push({ fallback, pfn, scanned, deferred });
  }
}

/** Asks a copy of the machine's memory; null on a machine without a page allocator. */
export function whatIfGrown({ pages, swiotlb, costs, nowNs, event }: World): WhatIf | null {
  if (pages === null) return null;
  const { canGrow, physLimit } = swiotlb.mem;
  const { defaultNslabs, defaultNareas, dynamic } = swiotlb.config;
  const tried = new TriedPages(pages.guest.copy(copyAllocator(pages.guest.allocator)));
  const wish = swiotlb.registry.workerWish(defaultNslabs, defaultNareas, physLimit);
  tried.begin();
  const mayGrow = dynamic && canGrow;
  const got = mayGrow ? allocatePool(tried, wish) : null;
  const { converted } = tried.taken();
  const { tries } = tried;
  return {
    timeNs: nowNs,
    event,
    canGrow: mayGrow,
    wantedSlots: wish.nslabs,
    cappedSlots: Math.min(wish.nslabs, MAX_ORDER_SLOTS),
    tries,
    slots: got?.nslabs ?? 0,
    converted,
    costNs: mayGrow ? growthCost(costs, { tries, converted }).totalNs : 0,
  };
}
