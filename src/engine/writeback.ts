/**
 * Memory full of page cache that waits to be written: what a request that sleeps in the page
 * allocator waits for.
 *
 * Stands in for shrink_inactive_list() and reclaim_throttle() in mm/vmscan.c, Linux 6.12. It is as
 * small as the argument needs, and assumes: an application writes to one device faster than that
 * takes it, and fills all memory above the low watermark with what is still to be written; a page is
 * clean once its write has ended, and can be freed at once from then on; when a write is sent, the
 * application has written as much anew, to free pages above that watermark and then to clean ones.
 * Which page is which is not kept: any movable block stands for one. A sleeper has no time limit
 * here, where the kernel's looks again after 100 ms and finds the same.
 */
import type { DeviceSpec } from './scenario.ts';
import { gfp } from '../model/gfp.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import type { Keeper } from '../model/keeper.ts';
import { MOVABLE } from '../model/migrate-type.ts';
import type { PageAllocator } from '../model/page-allocator.ts';
import { ORDER_MASK, USE_MASK, USED_MOVABLE } from '../model/page-map.ts';

const CACHE = gfp('kernel', 0, MOVABLE);
/** `SWAP_CLUSTER_MAX`: pages that direct reclaim frees at a time. */
const RECLAIMED = 32;

/** The page cache of the device that has one; null for none. */
export function writebackOf(
  allocator: PageAllocator,
  devices: readonly DeviceSpec[],
): Writeback | null {
  const device = devices.findIndex(({ writeback }) => writeback === true);
  return device === -1 ? null : new Writeback(allocator, device);
}

/** The page cache of one device. */
export class Writeback {
  /** Index in the scenario of the device that it is written to. */
  readonly device: number;
  /** Pages still to be written, and pages that are written and can be freed. */
  dirty = 0;
  clean = 0;
  readonly #allocator: PageAllocator;
  /** Where the next page to free is looked for. */
  #hand = 0;

  /** Fills the memory. */
  constructor(allocator: PageAllocator, device: number) {
    this.#allocator = allocator;
    this.device = device;
    this.#takeUpTo(Infinity);
  }

  /** A write of `bytes` is sent: the application has written as much anew. */
  sent(bytes: number): void {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const dirtyBefore = this.dirty;
    this.#takeUpTo(pages);
    const again = Math.min(pages - (this.dirty - dirtyBefore), this.clean);
    this.clean -= again;
    this.dirty += again;
  }

  /** A write of `bytes` has ended. */
  written(bytes: number): void {
    const pages = Math.min(Math.ceil(bytes / PAGE_BYTES), this.dirty);
    this.dirty -= pages;
    this.clean += pages;
  }

  /** Frees some clean pages. @returns whether there were any. */
  reclaim(): boolean {
    const wanted = Math.min(this.clean, RECLAIMED);
    let freed = 0;
    while (freed < wanted) {
      const pages = this.#freeNext();
      if (pages === 0) break;
      freed += pages;
    }
    this.clean = freed === 0 ? 0 : Math.max(0, this.clean - freed);
    return freed > 0;
  }

  keep(k: Keeper): void {
    this.dirty = k.value(this.dirty);
    this.clean = k.value(this.clean);
    this.#hand = k.value(this.#hand);
  }

  /** Takes free pages above the low watermark, at most so many. */
  #takeUpTo(most: number): void {
    const allocator = this.#allocator;
    const { compaction } = allocator;
    allocator.compaction = false;
    for (let pages = 0; pages < most; pages++) {
      const pfn = allocator.alloc(0, CACHE);
      if (allocator.outcome.path !== 'fast') {
        if (pfn !== -1) allocator.free(pfn, 0);
        break;
      }
      this.dirty++;
    }
    allocator.compaction = compaction;
  }

  /** Frees the next movable block. @returns its pages, 0 when there is none. */
  #freeNext(): number {
    const { pages } = this.#allocator;
    const { length } = pages.state;
    for (let looked = 0; looked < length; looked++) {
      const index = this.#hand;
      this.#hand = (index + 1) % length;
      const state = pages.state[index] ?? 0;
      if ((state & USE_MASK) !== USED_MOVABLE) continue;
      const order = state & ORDER_MASK;
      this.#allocator.free(pages.pfnOf(index), order);
      return 1 << order;
    }
    return 0;
  }
}
